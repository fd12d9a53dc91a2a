using System.Globalization;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

internal static class AccountPlan
{
    private const string Create = """
        set -eu
        getent group "$1" >/dev/null || groupadd --system --gid "$2" "$1"
        useradd --system --uid "$2" --gid "$1" --home-dir "$3" --no-create-home --shell /usr/sbin/nologin "$1"
        """;

    public static IEnumerable<Change> Diff(SystemAccount wanted, Account? have)
    {
        var number = wanted.Number.ToString(CultureInfo.InvariantCulture);
        if (have is null)
            yield return new Change(wanted.Id, "account", null, number, [new RunScript($"create user {wanted.Name}", Create, [wanted.Name, number, wanted.Home])]);
        else if (have.Uid != wanted.Number || have.Gid != wanted.Number)
            yield return new Change(
                wanted.Id, "uid:gid", $"{have.Uid}:{have.Gid}", $"{number}:{number}", [],
                Refusal: $"Another account has this name. Rename it, or change it with `usermod -u {number} {wanted.Name}` and `groupmod -g {number} {wanted.Name}`.");
        else if (have.Groups.Contains("docker"))
            yield return new Change(
                wanted.Id, "groups", "docker", null, [new RunScript($"take {wanted.Name} out of group docker", "gpasswd -d \"$1\" docker", [wanted.Name])],
                Note: "membership would make it root");
    }
}
