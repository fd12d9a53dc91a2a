using Nuke.Common.Completion;
using Nuke.Common.IO;
using Nuke.Common.Parameters;
using Nuke.Common.Secrets;

namespace Nuke.Common.Execution;

/// <summary>What a build is asked for besides running targets: words with a colon.</summary>
internal static class Command
{
    private static readonly string[] Names = [":complete", ":secrets", ":setup-completion"];

    public static int Run(BuildDefinition definition, Session session)
    {
        var invocation = session.Invocation;
        var options = Request.OptionsOf(definition);
        var root = RootSearch.From(invocation.WorkingDirectory, invocation.HomeDirectory);
        IReadOnlyList<string> arguments = [.. invocation.Arguments.Skip(1)];
        return invocation.Arguments[0] switch
        {
            ":secrets" when root is null => throw new UsageException(RootSearch.NotFound(invocation.WorkingDirectory)),
            ":secrets" => new SecretsCommand(invocation, root, options, session.Output).Run(arguments),
            ":complete" => new Candidates(definition, options, root).Write(arguments, session.Output),
            ":setup-completion" => CompletionScript.Write(arguments, session.Output),
            var other => throw new UsageException($"'{other}' {Conversion.NoneOf(other, Names).Message}"),
        };
    }
}
