using Nuke.Common.Execution;
using Nuke.Common.Output;
using Nuke.Common.Parameters;

namespace Nuke.Common.Completion;

/// <summary><c>:setup-completion SHELL</c>: prints what makes the shell ask the build itself; how to keep it stands in the first line.</summary>
internal static class CompletionScript
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        // Also for bash 3.2, which macOS has.
        ["bash"] = """
            # eval "$(./build.sh :setup-completion bash)", for good: in ~/.bashrc
            _nuke_build() {
              local IFS=$'\n'
              COMPREPLY=( $("${COMP_WORDS[0]}" :complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) )
            }
            complete -o default -F _nuke_build build.sh
            """,
        ["zsh"] = """
            # eval "$(./build.sh :setup-completion zsh)", for good: in ~/.zshrc after compinit
            _nuke_build() {
              local -a found
              found=(${(f)"$("${words[1]}" :complete "${(@)words[2,CURRENT]}" 2>/dev/null)"})
              if (( $#found )); then compadd -- "${found[@]}"; else _files; fi
            }
            compdef _nuke_build build.sh
            """,
        ["fish"] = """
            # ./build.sh :setup-completion fish | source, for good: into ~/.config/fish/completions/build.sh.fish
            function __nuke_build
              set -l words (commandline -opc) (commandline -ct)
              $words[1] :complete $words[2..] 2>/dev/null
            end
            complete --command build.sh --arguments '(__nuke_build)'
            """,
        ["powershell"] = """
            # ./build.ps1 :setup-completion powershell | Out-String | Invoke-Expression, for good: in $PROFILE
            Register-ArgumentCompleter -Native -CommandName build.ps1, build.sh -ScriptBlock {
              param($word, $line, $cursor)
              $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -le $cursor } | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
              if ($word -eq '') { $words += '' }
              & $line.CommandElements[0].ToString() ':complete' @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static int Write(IReadOnlyList<string> arguments, BuildOutput output)
    {
        var shell = arguments.Count == 1 ? arguments[0] : throw new UsageException($"usage: :setup-completion SHELL, where SHELL is one of {string.Join(", ", Scripts.Keys)}.");
        output.Line(Scripts.TryGetValue(shell, out var script) ? script : throw new UsageException($":setup-completion: '{shell}' {Conversion.NoneOf(shell, Scripts.Keys).Message}."));
        return ExitCodes.Done;
    }
}
