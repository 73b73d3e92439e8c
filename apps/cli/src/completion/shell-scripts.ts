export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/**
 * What a shell runs when it starts, so that Tab asks `anura complete`. None of them evaluates what was typed, and each falls
 * back to file names when there is no answer; docs/decisions/0016 says why they are ours.
 */
export const shellScripts: Readonly<Record<Shell, string>> = {
  // COMP_WORDS would be cut at the colon of llama3.1:8b, so the line is handed over, with the characters bash cuts at.
  bash: `# Completion of anura for bash.
_anura_completion() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(anura complete bash -- "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
}
complete -o default -F _anura_completion anura
`,
  zsh: `#compdef anura
# Completion of anura for zsh.
_anura() {
  local -a lines
  lines=("\${(@f)$(anura complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  if [[ -n "\${lines[1]}" ]]; then
    _describe -t anura anura lines
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _anura ]]; then
  _anura "$@"
else
  compdef _anura anura
fi
`,
  fish: `# Completion of anura for fish.
function __anura_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (anura complete fish -- $words[2..-1] "$current" 2>/dev/null)
    if set -q lines[1]
        printf '%s\\n' $lines
    else
        __fish_complete_path "$current"
    end
end
complete -c anura -f -a '(__anura_complete)'
`,
  powershell: `# Completion of anura for PowerShell.
Register-ArgumentCompleter -Native -CommandName anura -ScriptBlock {
    param($word, $ast, $cursor)
    $length = $cursor - $ast.Extent.StartOffset
    $line = $ast.ToString().PadRight($length).Substring(0, $length)
    anura complete powershell -- $line 2>$null | ForEach-Object {
        $value, $description = $_ -split "\`t", 2
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
}
`,
};
