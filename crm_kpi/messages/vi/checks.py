"""What must hold within a row and between rows, and what is plausible, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # rows that are rejected
    "checks.later": "{column} muộn hơn",
    "checks.scale": "{survey} chỉ từ {low} đến {high}",
    "checks.lost_id": "các chữ số phía sau đã mất; hãy xuất lại với cột này ở dạng văn bản",
    "checks.same_id": "một dòng trước có cùng mã mà khác ở các cột khác",
    "checks.not_repeated": "once: {column} nhận giá trị lặp lại trên các dòng của cùng một "
    "{column}; dòng này thì không lặp",
    # rows that are joined
    "checks.joined_stays": "các dòng của một khách có thời gian chồng nhau được coi là một lần "
    "gắn bó, theo dòng mới nhất",
    "checks.stays_overlap": "mỗi ngày một khách chỉ được tính một lần",
    "checks.joined_stays_short": "{count:,} dòng gộp với dòng khác của cùng khách",
    # rows that are kept
    "checks.equal_rows": "{count} dòng giống hệt một dòng trước ở mọi cột và vẫn được giữ; "
    "duplicates: drop sẽ bỏ các dòng đó",
    "checks.positive_refunds": "hoàn tiền ghi số dương, được tính là số âm: {number}",
    # what is lawful and yet often a mistake
    "checks.of_column": "{column}: {what}",
    "checks.rows_before_1970": "{count:,} dòng trước năm 1970",
    "checks.rows_after": "{count:,} dòng sau {as_of}",
    "checks.at_one_moment": "{count:,} khách có nhiều câu trả lời cùng thời điểm: lấy dòng sau",
    "checks.added_up": "khách hàng của nhiều tệp được cộng lại: các mã như {ids} không có gì "
    "chung (identities: FILE để ghép)",
    "checks.twin_ids": "{column}: {number:,} mã trùng với mã khác nếu bỏ các ký tự ẩn",
    "checks.alike_ids": "customer_id: {number} mã chỉ khác mã khác ở chữ hoa chữ thường hoặc dạng "
    "Unicode",
    "checks.orders": "{count:,} đơn hàng",
    "checks.split_orders": "{orders} nằm ở nhiều tệp và đã được cộng lại; nếu các tệp chồng nhau "
    "thì chỉ đọc một tệp",
    "checks.split_orders_short": "{orders} nằm ở nhiều tệp đã cộng lại",
    "checks.same_amounts": "{orders} có cùng số tiền trên mỗi dòng và đã được cộng lại; nếu đó là "
    "tiền của cả đơn thì khai once: transaction_id",
    "checks.same_amounts_short": "{orders} có cùng số tiền trên mỗi dòng đã cộng lại",
    "checks.low_nps": "không điểm nps nào trên 5; câu trả lời từ 1 đến 5 là csat, hoặc cần khai "
    "definitions.nps.scale",
    "checks.low_nps_short": "không điểm nps nào trên 5",
}
