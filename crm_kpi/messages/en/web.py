"""What is wrong with an address that is to be fetched, or with what came from there."""

TEXTS: dict[str, str | dict[str, str]] = {
    # the address
    "web.no_url": "no https address of a table",
    "web.write_url": "write it as a browser shows it, https://example.com/answers.csv, with "
    "letters of the host from a to z (xn--… for others)",
    "web.not_https": "http sends tables for anybody to read and change",
    "web.write_https": "write https://",
    "web.holds_user": "holds a user or a password",
    "web.use_headers": "take them out: what proves who asks goes into request_headers:, as "
    "env:CRM_KPI_SECRET_NAME",
    "web.looked_at": "is a page to look at, not a table",
    "web.export_sheet": "in Google Sheets, File > Share > Publish to web > CSV gives the address "
    "of a table; or share it with anyone who has the link, and write /export?format=csv&gid={tab} "
    "where /edit stands in it and all that follows",
    "web.published_as_csv": "write /pub?output=csv where /pubhtml stands in it, and keep gid=… "
    "if it is there (&single=true&gid=…)",
    "web.link_form": "the answers of a form are a table in its sheet: in Google Forms, Responses > "
    "Link to Sheets; then File > Share > Publish to web > CSV in that sheet",
    # hosts
    "web.no_host": "allow_net: a word that is no host",
    "web.write_host": "name one as docs.google.com, .example.com for all hosts below it, "
    "example.com:8443, or an IP address",
    "web.not_allowed": "{host}: nobody has allowed to fetch from there",
    "web.allow_host": "--allow-net {host}, if you know it; or allow_net in your own settings "
    "(docs/fetching.md). A config alone cannot",
    "web.sends_to": "{path}: sends on to {host}, from where nobody has allowed to fetch",
    "web.allow_below": "--allow-net {host}, if you know it, or --allow-net {parent} where its "
    "first part changes from day to day",
    "web.private": "{host}: is at {ip}, an address of a private network or of this machine",
    "web.allow_ip": "--allow-net {ip} beside it, if it is meant",
    # headers
    "web.not_set": "{variable}: not set, and a header of a source needs it",
    "web.odd_secret": "{variable}: holds letters that no header may hold",
    "web.set_variable": "set it in the environment to the whole value of the header, such as "
    "Bearer and a token",
    # the settings
    "web.settings_of_others": "{path}: others may write it, so it may not be yours",
    "web.own_settings": "chmod 600 it, and see that it and its folder belong to you",
    # on the way
    "web.no_httpx": "{path}: fetching needs {module}, which is not installed",
    "web.install_net": 'pip install "crm-kpi[net]"',
    "web.unreachable": "{path}: the host cannot be reached",
    "web.check_network": "check the address and the network; proxies (HTTPS_PROXY) are not used",
    "web.certificate": "{path}: the host does not prove who it is: {why}",
    "web.name_authority": "an authority of your own: SSL_CERT_FILE names the file of its "
    "certificate. Nothing turns this check off",
    "web.no_authorities": "SSL_CERT_FILE or SSL_CERT_DIR: holds no certificates that can be read",
    "web.late": "{path}: not here within {seconds} seconds",
    "web.raise_seconds": "try again, or raise limits.download_seconds",
    "web.broken_off": "{path}: the answer broke off",
    "web.open_ended": "{path}: the host does not say how long its answer is, so one that broke off "
    "would look whole",
    "web.try_later": "try again later",
    "web.too_many_hops": "{path}: sends on more than {most} times",
    "web.sends_nowhere": "{path}: sends on to what is not fetched: {why}",
    "web.status": "{path}: the host answers with {status}",
    "web.check_address": "check the address",
    "web.check_sharing": "see that the table is shared with whoever has the link, or that "
    "request_headers: has what the host asks for",
    # what came
    "web.too_large": "{path}: more than {most} bytes",
    "web.raise_size": "raise limits.download_size, if it may be so large",
    "web.odd_coding": "{path}: packed in a way that was not asked for",
    "web.page": "{path}: a page, not a table",
    "web.publish_as_csv": "publish it as CSV; where the page asks to sign in, share it with "
    "whoever has the link",
    "web.json": "{path}: JSON, not a table",
    "web.ask_for_csv": "ask the program for CSV or a workbook",
    "web.nothing": "{path}: an empty answer",
    "web.fetched": "{path}: fetched, {size} bytes",
    "web.unchanged": "{path}: {size} bytes, unchanged since they were fetched, as the host says",
    "web.not_kept": "answers are not kept in {folder}, which is not yours alone, or holds "
    "something else",
}
