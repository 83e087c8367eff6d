"""Why a folder or a file of our own is not trusted."""

TEXTS: dict[str, str | dict[str, str]] = {
    # who may write there
    "own_folders.open_to_all": "everybody can write to {folder}; chmod o-w mends it",
    "own_folders.open_to_others": "others can write to {folder}; chmod go-w mends it",
    "own_folders.of_somebody_else": "{folder} belongs to somebody else",
    "own_folders.no_folder": "{folder} is no folder, or a link to one",
    # what is there
    "own_folders.other_files": "{folder} holds files, and no {marker} of crm-kpi; "
    "name another folder",
    "own_folders.other_file": "{folder} holds {name}, which is not crm-kpi's",
    "own_folders.not_ours": "{path} is not crm-kpi's",
    "own_folders.link": "{path} is a link",
    "own_folders.another": "{path} is another one by now",
    "own_folders.not_as_written": "{path} is not as it was written",
}
