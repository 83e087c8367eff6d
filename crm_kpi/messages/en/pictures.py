"""What is said of pictures and of a page that is printed."""

TEXTS: dict[str, str | dict[str, str]] = {
    "pictures.not_installed": "PNG needs a package that is not installed",
    "pictures.install": 'pip install "crm-kpi[images]", or -f svg, which needs none',
    "pictures.no_font": "there is no font with Vietnamese letters here: a PNG would have no text",
    "pictures.install_font": "install one (Debian: apt install fonts-noto-core), or -f svg",
    "pictures.one_figure": "a picture holds one figure, or KPIs alone; these are several",
    "pictures.give_folder": "name one of them, or a folder for all, as -o charts/",
    "pictures.no_figure": "{name} is a table, which is not drawn",
    "pictures.no_rows": "{name} has no rows, so that there is nothing to draw",
    "pictures.as_table": "-f html, xlsx, csv or table show it",
    "pictures.no_browser": "PDF needs chromium or Chrome, and none is found",
    "pictures.print_the_page": "-f html writes the same page; print it from any browser",
    "pictures.not_printed": "{browser} does not print the page",
}
