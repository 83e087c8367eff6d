"""What other programs call our columns, in English and Vietnamese: plain data.

Headers are compared by `names.key`: case, accents, blanks and punctuation do
not count, so `Ngày mua`, `ngay_mua` and `NGAY MUA` are one entry here. A
column's own name needs no entry. An entry stands only in the tables where the
header says just that; within one table no entry names two columns.
"""

from __future__ import annotations

Aliases = dict[str, tuple[str, ...]]

_CUSTOMER_ID = (
    "customer", "customer code", "customer no", "customer number", "cust id", "client id",
    "account id", "user id", "member id", "contact id", "buyer id", "customers.id",
    "mã khách hàng", "mã kh", "mã khách", "id khách hàng", "mã số khách hàng",
)  # fmt: skip
_CREATED_AT = (
    "created", "created on", "created date", "created time", "create date", "creation date",
    "date created", "ngày tạo", "thời gian tạo", "thời điểm tạo",
)  # fmt: skip
_CURRENCY = (
    "currency code", "curr", "loại tiền", "loại tiền tệ", "tiền tệ", "mã tiền tệ",
    "đơn vị tiền tệ", "đồng tiền", "nguyên tệ",
)  # fmt: skip
_OWNER = (
    "sales rep", "salesperson", "account manager", "assigned to", "responsible",
    "người phụ trách", "phụ trách", "nhân viên phụ trách", "nhân viên kinh doanh",
    "nhân viên bán hàng",
)  # fmt: skip
_AGENT = (
    "agent name", "assignee", "owner", "handled by", "assigned to", "nhân viên",
    "nhân viên hỗ trợ", "nhân viên xử lý", "người xử lý", "người phụ trách",
)  # fmt: skip
_CHANNEL = ("source", "kênh", "nguồn")
_LEAD_CHANNEL = (*_CHANNEL, "lead source", "original source", "utm source", "nguồn khách hàng")
_PRODUCT = (
    "product name", "item", "item name", "lineitem name", "sản phẩm", "tên sản phẩm", "mặt hàng",
    "tên hàng", "tên hàng hóa", "hàng hóa",
)  # fmt: skip
_OPPORTUNITY_ID = ("deal id", "mã cơ hội", "mã deal", "id cơ hội", "mã giao dịch")

ALIASES: dict[str, Aliases] = {
    "customers": {
        "customer_id": (*_CUSTOMER_ID, "id", "record id"),
        "signup_date": (
            *_CREATED_AT, "created at", "signup", "signed up", "signed up at",
            "registered", "registered at", "registration date", "join date", "joined", "joined at",
            "customer since", "member since", "start date", "became a customer date",
            "ngày đăng ký", "thời gian đăng ký", "ngày tham gia", "ngày bắt đầu",
            "khách hàng từ", "ngày gia nhập", "ngày bắt đầu hợp đồng", "ngày ký hợp đồng",
        ),
        "churn_date": (
            "churned at", "churned on", "cancelled at", "canceled at", "cancelled date",
            "canceled date", "cancel date", "cancellation date", "end date", "ended at",
            "left at", "leave date", "termination date", "lost date", "ngày rời bỏ", "ngày rời đi",
            "ngày hủy", "ngày kết thúc", "ngày ngừng", "ngày ngừng sử dụng", "ngày chấm dứt",
            "ngày nghỉ", "ngày kết thúc hợp đồng", "ngày chấm dứt hợp đồng",
            "ngày thanh lý hợp đồng",
        ),
        "churned": (
            "churn", "is churned", "has churned", "churn flag", "exited", "rời bỏ", "đã rời bỏ",
            "đã hủy", "đã nghỉ",
        ),
        "churn_reason": (
            "reason for leaving", "reason for churn", "leaving reason", "cancellation reason",
            "cancel reason", "reason for cancellation", "lost reason", "lý do rời bỏ",
            "lý do rời đi", "lý do hủy", "lý do nghỉ", "lý do ngừng", "nguyên nhân rời bỏ",
        ),
        "name": (
            "customer name", "full name", "client name", "account name", "company name",
            "contact name", "khách hàng", "tên khách hàng", "tên kh", "họ tên", "họ và tên", "tên",
        ),
        "email": (
            "email address", "mail", "customer email", "địa chỉ email",
            "thư điện tử", "hộp thư",
        ),
        "phone": (
            "phone number", "mobile", "mobile phone", "mobile number", "telephone", "tel",
            "điện thoại", "số điện thoại", "sđt", "số đt", "di động", "điện thoại di động",
        ),
        "segment": (
            "customer segment", "customer group", "tier", "phân khúc", "nhóm", "nhóm khách",
            "nhóm khách hàng", "phân loại khách hàng", "hạng khách hàng",
        ),
        "channel": (
            *_LEAD_CHANNEL, "acquisition channel", "marketing channel", "kênh tiếp cận",
            "nguồn khách",
        ),
        "region": (
            "area", "province", "territory", "khu vực", "vùng", "vùng miền", "tỉnh",
            "tỉnh thành", "tỉnh/thành phố",
        ),
        "owner": (*_OWNER, "account owner", "contact owner", "customer owner", "record owner"),
        "updated_at": (
            "updated", "updated on", "last updated", "last update", "last modified",
            "last modified date", "modified", "modified at", "modified time", "date modified",
            "ngày cập nhật", "cập nhật", "cập nhật lần cuối", "lần cập nhật cuối", "ngày sửa",
        ),
        "acquisition_cost": (
            "cac", "customer acquisition cost", "cost of acquisition", "chi phí thu hút",
            "chi phí có khách", "chi phí có khách hàng", "chi phí tiếp cận",
        ),
    },
    "transactions": {
        "customer_id": _CUSTOMER_ID,
        "date": (
            *_CREATED_AT, "created at", "create time", "order date", "ordered at",
            "transaction date",
            "transaction time", "purchase date", "invoice date", "sale date", "payment date",
            "paid at", "datetime", "timestamp", "ngày", "ngày mua", "ngày mua hàng", "ngày đặt",
            "ngày đặt hàng", "ngày bán", "ngày giao dịch", "ngày hóa đơn", "ngày chứng từ",
            "ngày thanh toán", "ngày lập", "ngày đơn hàng", "thời gian", "thời gian giao dịch",
            "thời gian bán", "thời gian đặt hàng",
        ),
        "amount": (
            "total", "total amount", "total price", "order total", "order amount", "grand total",
            "net amount", "transaction amount", "revenue", "net sales", "sales amount", "value",
            "n. revenue (formatted)", "paid price", "tổng tiền", "thành tiền", "tổng cộng",
            "số tiền",
            "doanh thu", "doanh số", "tổng thanh toán", "khách cần trả", "giá trị",
            "giá trị đơn hàng", "tổng giá trị", "tổng giá trị đơn hàng", "trị giá", "line total",
        ),
        "transaction_id": (
            "id", "order", "order id", "order number", "order no", "invoice", "invoice id",
            "invoice no", "invoice number", "receipt id", "receipt no", "receipt number",
            "payment id", "charge id", "mã đơn hàng", "mã đơn", "số đơn hàng", "mã hóa đơn",
            "số hóa đơn", "số chứng từ", "mã giao dịch", "mã chứng từ",
        ),
        "status": (
            "order status", "order state", "transaction status", "invoice status", "trạng thái",
            "tình trạng", "trạng thái đơn hàng", "tình trạng đơn hàng", "trạng thái hóa đơn",
        ),
        "currency": _CURRENCY,
        "kind": (
            "transaction kind", "transaction type", "loại giao dịch", "kiểu giao dịch",
        ),
        "category": (
            "product category", "danh mục", "danh mục sản phẩm", "nhóm hàng", "nhóm sản phẩm",
            "ngành hàng", "loại hàng", "loại sản phẩm",
        ),
        "product": _PRODUCT,
        "channel": (
            *_CHANNEL, "sales channel", "order source", "kênh bán", "kênh bán hàng", "nguồn đơn",
        ),
        "owner": (*_OWNER, "seller", "người bán", "nhân viên", "nhân viên bán"),
    },
    "subscriptions": {
        "customer_id": (*_CUSTOMER_ID, "subscriptions.customer_id"),
        "start_date": (
            "start", "started at", "started on", "subscription start", "subscription start date",
            "begin date", "activated at", "activation date", "subscriptions.start_date",
            "ngày bắt đầu", "bắt đầu", "ngày kích hoạt", "ngày đăng ký", "hiệu lực từ",
            "ngày bắt đầu hợp đồng", "ngày hiệu lực",
        ),
        "amount": (
            "price", "plan amount", "plan price", "fee", "monthly price", "monthly fee",
            "monthly amount", "monthly charge", "monthly charges", "annual price", "annual fee",
            "annual amount", "yearly price", "yearly fee", "total amount", "total price",
            "số tiền", "giá", "giá gói", "giá cước", "thành tiền", "tổng tiền", "phí",
            "phí thuê bao", "phí hàng tháng", "phí hằng tháng", "phí hàng năm", "phí hằng năm",
        ),
        "unit_amount": (
            "unit price", "price per unit", "price per seat", "price per user",
            "price per license", "per seat price", "seat price", "plan unit price",
            "plan unit amount", "subscriptions.plan_unit_price", "đơn giá", "giá mỗi người dùng",
            "giá một người dùng",
        ),
        "mrr": (
            "mrr amount", "monthly recurring revenue", "monthly revenue", "current mrr",
            "doanh thu định kỳ hàng tháng", "doanh thu định kỳ tháng", "doanh thu hàng tháng",
            "doanh thu hằng tháng",
        ),
        "arr": (
            "arr amount", "annual recurring revenue", "annual revenue", "yearly revenue",
            "annualized revenue", "annual contract value", "current arr",
            "doanh thu định kỳ hàng năm", "doanh thu định kỳ năm", "doanh thu hàng năm",
            "doanh thu hằng năm",
        ),
        "subscription_id": (
            "id", "subscription", "contract id", "contract number", "subscriptions.id",
            "mã đăng ký", "mã thuê bao", "mã hợp đồng", "số hợp đồng",
        ),
        "end_date": (
            "end", "ended at", "ended on", "subscription end", "subscription end date",
            "expiry date", "expires at", "expiration date", "contract end", "contract end date",
            "term end", "churn date", "subscriptions.cancelled_at", "ngày kết thúc", "kết thúc",
            "ngày hết hạn", "hiệu lực đến", "ngày kết thúc hợp đồng", "ngày hết hạn hợp đồng",
            "valid until", "valid to", "paid through", "expires", "expires on", "expiry",
            "expiration",
        ),
        "interval": (
            "billing interval", "billing period", "billing cycle", "billing frequency",
            "plan interval", "period", "subscriptions.billing_period_unit", "chu kỳ",
            "chu kỳ thanh toán", "kỳ thanh toán", "kỳ cước",
        ),
        "interval_count": (
            "billing interval count", "plan interval count", "subscriptions.billing_period",
            "số chu kỳ", "số kỳ",
        ),
        "quantity": (
            "qty", "seats", "licenses", "plan quantity", "subscriptions.plan_quantity",
            "seat count", "seats count", "number of seats", "no of seats", "seats purchased",
            "seat quantity", "licences", "license count", "licence count", "number of licenses",
            "number of users", "user count", "users", "units", "số lượng", "sl",
            "số lượng người dùng", "số người dùng", "số tài khoản", "số ghế", "số lượng gói",
        ),
        "status": ("subscription status", "subscriptions.status", "trạng thái", "tình trạng"),
        "term_months": (
            "term in months", "contract months", "contract term months", "contract length months",
            "commitment months", "kỳ hạn tháng", "thời hạn tháng", "số tháng hợp đồng",
        ),
        "canceled_at": (
            "cancelled at", "canceled on", "cancelled on", "cancellation date", "cancel date",
            "cancel requested at", "cancellation requested at", "ngày hủy", "ngày yêu cầu hủy",
        ),
        "currency": (*_CURRENCY, "subscriptions.currency_code"),
        "plan": (
            "plan name", "plan id", "package", "subscriptions.plan_id", "gói", "gói cước",
            "gói dịch vụ", "tên gói",
        ),
        "trial_end": (
            "trial ends at", "trial end date", "trial end at", "trial until",
            "subscriptions.trial_end", "hết dùng thử", "ngày hết dùng thử",
            "ngày kết thúc dùng thử",
        ),
        "due_date": (
            "due at", "renewal date", "renewal due", "renewal due date", "next renewal",
            "next renewal date", "current period end", "current term end",
            "subscriptions.current_term_end", "ngày đến hạn", "hạn gia hạn", "hạn thanh toán",
        ),
        "renewed_at": (
            "renewed", "renewed on", "renewed date", "date renewed", "ngày gia hạn",
            "ngày đã gia hạn",
        ),
    },
    "surveys": {
        "score": (
            "rating", "nps score", "csat score", "ces score", "satisfaction score",
            "satisfaction rating", "survey score", "điểm", "điểm số", "điểm đánh giá",
            "điểm hài lòng", "điểm nps", "điểm csat", "điểm ces", "đánh giá", "mức độ hài lòng",
        ),
        "answered_at": (
            *_CREATED_AT, "answered", "answered on", "answer date", "responded at",
            "response date", "response time", "date", "submitted", "submitted at", "submit date",
            "submission date", "submission time", "date submitted", "completed at", "completed",
            "timestamp", "created at", "dấu thời gian", "ngày", "ngày trả lời", "ngày phản hồi",
            "ngày đánh giá", "ngày khảo sát", "thời gian", "thời gian trả lời",
            "thời gian phản hồi", "thời gian gửi phản hồi", "recorded date", "completion time",
            "thời gian hoàn thành", "zeitstempel", "horodateur", "marca temporal",
            "carimbo de data/hora", "informazioni cronologiche", "tijdstempel",
            "sygnatura czasowa", "zaman damgası", "タイムスタンプ", "타임스탬프",
        ),
        "survey": ("survey type", "survey kind", "khảo sát", "loại khảo sát"),
        "response_id": (
            "id", "submission id", "respondent id", "answer id", "mã phản hồi", "mã trả lời",
        ),
        "customer_id": _CUSTOMER_ID,
        "sent_at": (
            "sent", "sent on", "sent date", "date sent", "send date", "invited at",
            "invitation date", "ngày gửi", "thời gian gửi", "ngày mời",
        ),
        "agent": _AGENT,
        "channel": _CHANNEL,
        "comment": (
            "comments", "feedback", "verbatim", "remarks", "góp ý", "nhận xét", "ý kiến",
            "bình luận", "phản hồi", "ghi chú",
        ),
    },
    "tickets": {
        "ticket_id": (
            "id", "ticket", "ticket no", "ticket number", "case id", "case number", "case no",
            "issue id", "issue key", "request id", "mã ticket", "mã yêu cầu", "mã phiếu",
            "số phiếu", "mã hỗ trợ", "mã sự vụ",
        ),
        "created_at": (
            *_CREATED_AT, "opened", "opened at", "opened on", "date opened", "date/time opened",
            "open date", "submitted at", "ngày mở", "ngày yêu cầu", "ngày tiếp nhận",
            "thời gian mở", "thời gian tiếp nhận", "thời điểm tiếp nhận",
        ),
        "first_reply_at": (
            "first replied at", "first reply date", "first response at", "first response date",
            "first responded at", "ngày phản hồi đầu tiên", "thời điểm phản hồi đầu tiên",
            "phản hồi đầu tiên lúc", "trả lời đầu tiên lúc",
        ),
        "first_solved_at": (
            "first resolved at", "first solved date", "first resolution at",
            "first resolution date", "ngày giải quyết đầu tiên", "ngày giải quyết lần đầu",
            "thời điểm giải quyết lần đầu", "giải quyết lần đầu lúc",
        ),
        "solved_at": (
            "solved", "solved on", "solved date", "date solved", "resolved", "resolved at",
            "resolved on", "resolved date", "resolved time", "resolution date", "date resolved",
            "closed", "closed at", "closed on", "closed date", "date closed", "date/time closed",
            "completed at", "ngày giải quyết", "ngày xử lý", "ngày xử lý xong", "ngày đóng",
            "ngày hoàn thành", "thời điểm giải quyết", "thời điểm đóng",
        ),
        "agent_replies": (
            "replies", "agent responses", "agent interactions", "agent comments",
            "số lần trả lời", "số phản hồi", "số lần phản hồi",
        ),
        "reopens": (
            "reopen count", "reopened count", "times reopened", "number of reopens",
            "số lần mở lại", "mở lại",
        ),
        "status": ("ticket status", "case status", "state", "trạng thái", "tình trạng"),
        "customer_id": (*_CUSTOMER_ID, "requester id"),
        "agent": (*_AGENT, "case owner", "ticket owner"),
        "category": (
            "type", "ticket type", "issue type", "case type", "topic", "case reason", "loại",
            "loại yêu cầu", "danh mục", "chủ đề", "phân loại",
        ),
        "priority": ("ticket priority", "severity", "độ ưu tiên", "mức ưu tiên", "ưu tiên"),
        "channel": (*_CHANNEL, "via", "origin", "case origin", "kênh tiếp nhận"),
    },
    "leads": {
        "lead_id": (
            "id", "record id", "lead", "lead no", "lead number", "mã lead", "mã tiềm năng",
            "mã khách hàng tiềm năng", "mã đầu mối",
        ),
        "created_at": (*_CREATED_AT, "date", "lead date", "ngày", "ngày tiếp nhận"),
        "converted_at": (
            "converted on", "converted date", "conversion date", "conversion time",
            "date converted", "became a customer date", "ngày chuyển đổi",
            "thời gian chuyển đổi", "ngày thành khách hàng",
        ),
        "converted": (
            "is converted", "conversion", "đã chuyển đổi", "chuyển đổi", "thành khách hàng",
        ),
        "customer_id": (*_CUSTOMER_ID, "converted account id", "converted contact id"),
        "channel": (*_LEAD_CHANNEL, "nguồn lead"),
        "owner": (*_OWNER, "lead owner"),
        "status": ("lead status", "trạng thái", "tình trạng"),
    },
    "opportunities": {
        "opportunity_id": (*_OPPORTUNITY_ID, "id", "record id", "opportunity no"),
        "created_at": _CREATED_AT,
        "closed_at": (
            "closed", "closed on", "close date", "closed date", "closing date", "date closed",
            "actual close date", "ngày đóng", "ngày chốt", "ngày kết thúc", "ngày chốt thực tế",
        ),
        "stage": (
            "deal stage", "opportunity stage", "sales stage", "pipeline stage", "giai đoạn",
            "bước",
        ),
        "outcome": ("result", "deal outcome", "won/lost", "kết quả"),
        "amount": (
            "deal amount", "opportunity amount", "value", "deal value", "opportunity value",
            "giá trị", "giá trị cơ hội", "giá trị hợp đồng", "giá trị deal", "số tiền",
        ),
        "currency": (*_CURRENCY, "deal currency", "deal currency code"),
        "probability": (
            "win probability", "deal probability", "xác suất", "xác suất thành công",
            "tỷ lệ thành công", "khả năng thành công",
        ),
        "expected_close": (
            "expected close date", "estimated close date", "forecast close date",
            "expected closing date", "ngày đóng dự kiến", "ngày chốt dự kiến",
            "ngày dự kiến đóng", "ngày dự kiến chốt", "dự kiến chốt",
        ),
        "owner": (*_OWNER, "deal owner", "opportunity owner", "người sở hữu"),
        "channel": _LEAD_CHANNEL,
        "customer_id": (*_CUSTOMER_ID, "company id", "associated company id"),
        "product": _PRODUCT,
        "status": ("deal status", "opportunity status", "trạng thái", "tình trạng"),
    },
    "stage_changes": {
        "opportunity_id": (*_OPPORTUNITY_ID, "record id"),
        "stage": (
            "new stage", "to stage", "deal stage", "stage name", "new value", "giai đoạn",
            "giai đoạn mới", "bước",
        ),
        "entered_at": (
            "entered on", "date entered", "entered", "changed at", "changed on", "change date",
            "stage date", "edit date", "moved at", "date", "timestamp", "ngày", "thời gian",
            "ngày chuyển", "ngày chuyển giai đoạn", "ngày vào giai đoạn", "thời điểm chuyển",
        ),
    },
    "interactions": {
        "occurred_at": (
            *_CREATED_AT, "created at", "date", "datetime", "timestamp", "time",
            "activity date", "call date", "contacted at", "happened at", "ngày", "thời gian",
            "ngày liên hệ", "ngày tương tác", "thời điểm", "thời gian tương tác",
        ),
        "customer_id": _CUSTOMER_ID,
        "lead_id": ("lead", "mã lead", "mã tiềm năng", "mã khách hàng tiềm năng", "mã đầu mối"),
        "channel": (*_CHANNEL, "medium", "kênh liên hệ", "hình thức liên hệ"),
        "kind": (
            "type", "activity type", "interaction type", "activity", "loại", "loại tương tác",
            "loại hoạt động", "hình thức",
        ),
    },
    "costs": {
        "date": (
            "cost date", "expense date", "spend date", "invoice date", "payment date", "ngày",
            "ngày chi", "ngày chi phí", "ngày chứng từ", "ngày thanh toán", "thời gian",
        ),
        "amount": (
            "cost", "costs", "spend", "expense", "total", "total cost", "value", "số tiền",
            "chi phí", "thành tiền", "tổng tiền", "tổng chi phí", "giá trị",
        ),
        "kind": ("type", "cost type", "cost kind", "expense type", "loại", "loại chi phí"),
        "currency": _CURRENCY,
    },
}  # fmt: skip
"""Per table and column: headers that name it, most of them seen in real exports."""

ORDERS = (
    "order", "order id", "order number", "order no", "mã đơn hàng", "mã đơn", "số đơn hàng",
)  # fmt: skip
"""Headers of `transactions.transaction_id` that come before those of an order's invoice, receipt
or payment, where a file has both: orders are what is counted."""
