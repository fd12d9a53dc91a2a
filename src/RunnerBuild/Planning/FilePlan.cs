using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote;

namespace RunnerBuild.Planning;

internal static class FilePlan
{
    public static IEnumerable<Change> Diff(HostDirectory wanted, FileFact? have)
    {
        if (have is { Kind: not FileKind.Directory })
            yield return new Change(wanted.Id, "kind", $"{have.Kind}", "directory", [], Refusal: $"Something else is at {wanted.Path}. Move it away.");
        else if (have is null)
            yield return new Change(wanted.Id, "directory", null, Rights(wanted.Mode, wanted.Owner), [Make(wanted)]);
        else if (!SameRights(have, wanted.Mode, wanted.Owner))
            yield return new Change(wanted.Id, "rights", Rights(have.Mode, have.Owner), Rights(wanted.Mode, wanted.Owner), [Make(wanted)]);
    }

    public static IEnumerable<Change> Diff(HostFile wanted, FileFact? have, string nonce)
    {
        if (have is { Kind: FileKind.Directory })
            yield return new Change(wanted.Id, "kind", "directory", "file", [], Refusal: $"A directory is at {wanted.Path}. Move it away.");
        else if (have is null)
            yield return new Change(wanted.Id, "content", null, $"{wanted.Content}", [new WriteFile(wanted)], wanted.Note);
        else if (have.Kind == FileKind.Link || have.Hash != wanted.Content.HashWith(nonce))
            yield return new Change(wanted.Id, "content", have.Text is { } text ? $"{text.Length} characters" : "other", $"{wanted.Content}", [new WriteFile(wanted)], wanted.Note)
            {
                // Of a secret no text was asked for; nor would it be shown.
                Lines = have.Text is { } there && wanted.Content is FileContent.Plain plain ? TextDiff.Of(there, plain.Value) : [],
            };
        else if (!SameRights(have, wanted.Mode, wanted.Owner))
            yield return new Change(
                wanted.Id, "rights", Rights(have.Mode, have.Owner), Rights(wanted.Mode, wanted.Owner),
                [new RunScript($"set rights of {wanted.Path}", "chown \"$3\" \"$1\" && chmod \"$2\" \"$1\"", [wanted.Path, wanted.Mode, wanted.Owner])]);
    }

    public static IEnumerable<Change> Diff(HostLink wanted, FileFact? have)
    {
        if (have is { Kind: not FileKind.Link })
            yield return new Change(wanted.Id, "kind", $"{have.Kind}", "link", [], Refusal: $"Something else is at {wanted.Path}. Move it away.");
        else if (have?.Hash != wanted.Target)
            yield return new Change(
                wanted.Id, "target", have?.Hash, wanted.Target,
                [new RunScript($"link {wanted.Path}", "ln -sfn \"$2\" \"$1\"", [wanted.Path, wanted.Target])]);
    }

    private static RunScript Make(HostDirectory directory) => new(
        $"make {directory.Path}", "mkdir -p \"$1\" && chown \"$3\" \"$1\" && chmod \"$2\" \"$1\"", [directory.Path, directory.Mode, directory.Owner]);

    private static bool SameRights(FileFact have, string mode, string owner) =>
        Convert.ToInt32(have.Mode, 8) == Convert.ToInt32(mode, 8) && have.Owner == owner;

    private static string Rights(string mode, string owner) => $"{owner} {mode}";
}
