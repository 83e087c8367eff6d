"""What several rooms say."""

TEXTS: dict[str, str | dict[str, str]] = {
    "general.and": " and ",
    "general.or": " or ",
    "general.should_be_time_zone": "should be an IANA time zone such as Asia/Ho_Chi_Minh",
}
