"""What is wrong with an address that is to be fetched, or with what came from there, in
Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the address
    "web.no_url": "không phải địa chỉ https của một bảng",
    "web.write_url": "ghi như trình duyệt hiển thị, https://example.com/answers.csv, tên máy chủ "
    "chỉ có chữ a đến z (chữ khác thì xn--…)",
    "web.not_https": "http gửi bảng đi mà ai cũng đọc và sửa được",
    "web.write_https": "ghi https://",
    "web.holds_user": "có người dùng hoặc mật khẩu",
    "web.use_headers": "bỏ đi: thứ chứng minh ai hỏi thì ghi vào request_headers:, dạng "
    "env:CRM_KPI_SECRET_NAME",
    "web.looked_at": "là trang để xem, không phải bảng",
    "web.export_sheet": "trong Google Trang tính, Tệp > Chia sẻ > Công bố lên web > CSV cho địa "
    "chỉ của bảng; hoặc chia sẻ với bất kỳ ai có đường liên kết, và thay /edit cùng mọi thứ sau "
    "nó bằng /export?format=csv&gid={tab}",
    "web.published_as_csv": "thay /pubhtml bằng /pub?output=csv, và giữ gid=… nếu có "
    "(&single=true&gid=…)",
    "web.link_form": "câu trả lời của biểu mẫu là một bảng trong trang tính của nó: trong Google "
    "Biểu mẫu, Câu trả lời > Liên kết với Trang tính; rồi trong trang tính đó Tệp > Chia sẻ > Công "
    "bố lên web > CSV",
    # hosts
    "web.no_host": "allow_net: có từ không phải tên máy chủ",
    "web.write_host": "ghi như docs.google.com, .example.com cho mọi máy chủ bên dưới, "
    "example.com:8443, hoặc một địa chỉ IP",
    "web.not_allowed": "{host}: chưa ai cho phép tải từ đó",
    "web.allow_host": "--allow-net {host}, nếu bạn biết máy chủ này; hoặc allow_net trong thiết "
    "lập của riêng bạn (docs/fetching.md). Chỉ tệp cấu hình thì không đủ",
    "web.sends_to": "{path}: chuyển tiếp đến {host}, nơi chưa ai cho phép tải",
    "web.allow_below": "--allow-net {host}, nếu bạn biết máy chủ này, hoặc --allow-net {parent} "
    "nếu phần đầu của nó thay đổi mỗi ngày",
    "web.private": "{host}: ở {ip}, địa chỉ của mạng riêng hoặc của chính máy này",
    "web.allow_ip": "thêm --allow-net {ip}, nếu đúng là ý bạn",
    # headers
    "web.not_set": "{variable}: chưa được đặt, mà một header của nguồn cần đến",
    "web.odd_secret": "{variable}: có ký tự mà header không được có",
    "web.set_variable": "đặt trong môi trường toàn bộ giá trị của header, ví dụ Bearer và một mã",
    # the settings
    "web.settings_of_others": "{path}: người khác ghi được, nên có thể không phải của bạn",
    "web.own_settings": "chmod 600 tệp này, và xem nó cùng thư mục của nó có thuộc về bạn không",
    # on the way
    "web.no_httpx": "{path}: tải về cần {module}, chưa được cài",
    "web.install_net": 'pip install "crm-kpi[net]"',
    "web.unreachable": "{path}: không kết nối được máy chủ",
    "web.check_network": "kiểm tra địa chỉ và mạng; proxy (HTTPS_PROXY) không được dùng",
    "web.certificate": "{path}: máy chủ không chứng minh được nó là ai: {why}",
    "web.name_authority": "nơi cấp chứng chỉ của riêng bạn: SSL_CERT_FILE nêu tệp chứng chỉ của "
    "nó. Không có cách nào tắt việc kiểm tra này",
    "web.no_authorities": "SSL_CERT_FILE hoặc SSL_CERT_DIR: không có chứng chỉ nào đọc được",
    "web.late": "{path}: chưa về đủ trong {seconds} giây",
    "web.raise_seconds": "thử lại, hoặc tăng limits.download_seconds",
    "web.broken_off": "{path}: câu trả lời bị đứt giữa chừng",
    "web.open_ended": "{path}: máy chủ không nói câu trả lời dài bao nhiêu, nên nếu bị đứt cũng "
    "trông như đủ",
    "web.try_later": "thử lại sau",
    "web.too_many_hops": "{path}: chuyển tiếp hơn {most} lần",
    "web.sends_nowhere": "{path}: chuyển tiếp đến thứ không được tải: {why}",
    "web.status": "{path}: máy chủ trả lời {status}",
    "web.check_address": "kiểm tra địa chỉ",
    "web.check_sharing": "xem bảng đã chia sẻ với người có đường liên kết chưa, hoặc "
    "request_headers: có thứ máy chủ đòi không",
    # what came
    "web.too_large": "{path}: hơn {most} byte",
    "web.raise_size": "tăng limits.download_size, nếu được phép lớn đến thế",
    "web.odd_coding": "{path}: được nén theo cách không yêu cầu",
    "web.page": "{path}: là trang web, không phải bảng",
    "web.publish_as_csv": "công bố nó dạng CSV; nếu trang đòi đăng nhập, chia sẻ với người có "
    "đường liên kết",
    "web.json": "{path}: là JSON, không phải bảng",
    "web.ask_for_csv": "yêu cầu chương trình cho CSV hoặc tệp bảng tính",
    "web.nothing": "{path}: câu trả lời trống",
    "web.fetched": "{path}: đã tải, {size} byte",
    "web.unchanged": "{path}: {size} byte, theo máy chủ thì không đổi từ lần tải trước",
    "web.not_kept": "câu trả lời không được giữ trong {folder}, vì không chỉ là của bạn "
    "hoặc có thứ khác",
}
