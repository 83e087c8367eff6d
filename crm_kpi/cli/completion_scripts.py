"""What a shell has to know to ask for words: a script each, shown and installed by typer.

A script says through the environment which shell it is, the words before the cursor and the word
that is begun, and gets words back as they are, one a line, some with a tab and what they are about.
It hands them to the shell as words: none evaluates what it gets, as files are of strangers.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from typer import _completion_shared

from crm_kpi.errors import UsageError
from crm_kpi.messages import text

VARIABLE = "_CRM_KPI_COMPLETE"
_NO_DETECTION = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"

# bash breaks a line into words at = and : too. So the program gets the line as it is typed and
# what bash would replace of it, and answers with what may stand there, quotes and all.
_BASH = r"""
_crm_kpi() {
    local word
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(_CRM_KPI_COMPLETE=bash _CRM_KPI_WORDS="${COMP_LINE:0:COMP_POINT}" \
        _CRM_KPI_WORD="$2" "${1/#\~\//$HOME/}" 2> /dev/null)
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace
    fi
}

complete -o default -F _crm_kpi crm-kpi
"""

_ZSH = r"""
#compdef crm-kpi

_crm_kpi() {
    local -a found open_words closed_words open_shown closed_shown
    local line word before=${(F)${(@Q)words[1,CURRENT-1]}}
    local program=${(Q)words[1]}
    found=("${(@f)$(_CRM_KPI_COMPLETE=zsh _CRM_KPI_WORDS=$before _CRM_KPI_WORD=${(Q)PREFIX} \
        ${program/#\~\//$HOME/} 2> /dev/null)}")
    for line in $found; do
        word=${line%%$'\t'*}
        if [[ $word == *= ]]; then
            open_words+=($word) open_shown+=(${line/$'\t'/ -- })
        else
            closed_words+=($word) closed_shown+=(${line/$'\t'/ -- })
        fi
    done
    if (( $#open_words + $#closed_words == 0 )); then
        _files
        return
    fi
    local -a lines
    [[ "$found" == *$'\t'* ]] && lines=(-l)
    compadd -S '' $lines -d open_shown -a -- open_words
    compadd $lines -d closed_shown -a -- closed_words
}

if [[ $funcstack[1] == _crm-kpi ]]; then
    _crm_kpi "$@"
else
    compdef _crm_kpi crm-kpi
fi
"""

_FISH = r"""
function __crm_kpi_words
    set -l token (commandline -ct)
    set -l before (commandline -opc)
    set -lx _CRM_KPI_COMPLETE fish
    set -lx _CRM_KPI_WORDS (string join \n -- $before | string collect)
    set -lx _CRM_KPI_WORD (string unescape -- $token
        or string unescape -- $token\'; or string unescape -- $token\")
    $before[1] 2>/dev/null
    or __fish_complete_path $token
end

complete --command crm-kpi --no-files --arguments '(__crm_kpi_words)'
"""

_POWERSHELL = r"""
Register-ArgumentCompleter -Native -CommandName crm-kpi -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = $commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
                $_.Value
            } else {
                $_.Extent.Text
            }
        }
    $code = [System.Management.Automation.Language.CodeGeneration]
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $Env:_CRM_KPI_COMPLETE = 'powershell'
        $Env:_CRM_KPI_WORDS = $before -join "`n"
        $Env:_CRM_KPI_WORD = "$wordToComplete".Trim("'", '"')
        crm-kpi 2> $null | ForEach-Object {
            $word, $about = $_ -split "`t", 2
            $typed = $word
            if ($word -notmatch '^[\w+./:=-]+$') {
                $typed = "'" + $code::EscapeSingleQuotedStringContent($word) + "'"
            }
            if (-not $about) { $about = $word }
            [System.Management.Automation.CompletionResult]::new(
                $typed, $word, 'ParameterValue', $about)
        }
    } finally {
        [Console]::OutputEncoding = $encoding
        Remove-Item Env:_CRM_KPI_COMPLETE, Env:_CRM_KPI_WORDS, Env:_CRM_KPI_WORD -ErrorAction Ignore
    }
}
"""

SHELLS = {
    "bash": _BASH,
    "zsh": _ZSH,
    "fish": _FISH,
    "powershell": _POWERSHELL,
    "pwsh": _POWERSHELL,
}


def prepare(arguments: Sequence[str]) -> None:
    """Lets typer show and install these scripts in place of its own, whose zsh evaluates what it
    gets and whose bash knows no words with `=`; and lets `--show-completion zsh` name the shell,
    which typer would otherwise find out itself.

    Raises UsageError where a completion is asked for in a way that no script of these does.
    """
    if instruction := os.environ.get(VARIABLE):
        raise UsageError(
            text("cli.not_completed", variable=VARIABLE, instruction=instruction),
            hint=text("cli.show_completion"),
        )
    if arguments[:1] in (["--show-completion"], ["--install-completion"]):
        if len(arguments) > 1:
            os.environ[_NO_DETECTION] = "1"
        for shell, script in SHELLS.items():  # typer fills in names by the % operator
            _completion_shared._completion_scripts[shell] = script.replace("%", "%%")
