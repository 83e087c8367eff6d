"""Why a folder or a file of our own is not trusted."""

TEXTS: dict[str, str | dict[str, str]] = {
    # who may write there
    "folders.open_to_all": "everybody can write to {folder}; chmod o-w mends it",
    "folders.open_to_others": "others can write to {folder}; chmod go-w mends it",
    "folders.of_somebody_else": "{folder} belongs to somebody else",
    "folders.no_folder": "{folder} is no folder, or a link to one",
    # what is there
    "folders.other_files": "{folder} holds files, and no {marker} of crm-kpi; name another folder",
    "folders.other_file": "{folder} holds {name}, which is not crm-kpi's",
    "folders.not_ours": "{path} is not crm-kpi's",
    "folders.link": "{path} is a link",
    "folders.not_as_written": "{path} is not as it was written",
}
