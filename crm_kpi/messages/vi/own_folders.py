"""Why a folder or a file of our own is not trusted, in Vietnamese."""

TEXTS: dict[str, str | dict[str, str]] = {
    # who may write there
    "own_folders.open_to_all": "ai cũng ghi được vào {folder}; chmod o-w để sửa",
    "own_folders.open_to_others": "người khác ghi được vào {folder}; chmod go-w để sửa",
    "own_folders.of_somebody_else": "{folder} là của người khác",
    "own_folders.no_folder": "{folder} không phải thư mục, hoặc là liên kết đến thư mục",
    # what is there
    "own_folders.other_files": "{folder} có tệp mà không có {marker} của crm-kpi; nêu thư mục khác",
    "own_folders.other_file": "{folder} có {name}, không phải của crm-kpi",
    "own_folders.not_ours": "{path} không phải của crm-kpi",
    "own_folders.link": "{path} là một liên kết",
    "own_folders.another": "{path} nay đã là tệp khác",
    "own_folders.not_as_written": "{path} không còn như lúc ghi",
}
