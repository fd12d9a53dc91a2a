using System.Text;
using Supervisor.Configuration;

namespace Supervisor.Tests.Configuration;

public sealed class SettingsFileTests
{
    private const string Good = """
        {"version":1,"host":"gh-runner-01","pools":[{"name":"default","api":"https://api.github.com","scope":"orgs/acme","credential":"github-1","group":null,
        "labels":["linux"],"image":"runner:1","docker":"dind","cpus":2.0,"memoryBytes":4294967296,"pids":2048,"gpus":null,"environment":{"A":"b"},
        "dockerd":{"registry-mirrors":["http://m"]},"files":[{"path":"/x","from":"/y","mode":"0600"}],"slots":["github-runner-1","github-runner-2"]}]}
        """;

    private static SupervisorSettings Parse(string text) => SettingsFile.Parse(Encoding.UTF8.GetBytes(text), "supervisor.json");

    private static string HashOf(string text) => PoolHash.Of(Parse(text).Pools[0], "host");

    [Fact]
    public void A_full_file_is_read_and_has_no_problems() => SettingsCheck.ProblemsIn(Parse(Good)).ShouldBeEmpty();

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "its version is 2 and this program reads version 1")]
    [InlineData("\"version\":1,", "", "its version is none")]
    [InlineData("\"cpus\"", "\"cpu\"", "cpu")]
    [InlineData("\"image\":\"runner:1\",", "", "image")]
    [InlineData("\"host\":\"gh-runner-01\"", "\"host\":null", "host")]
    [InlineData("{", "", "supervisor.json")]
    public void What_this_program_does_not_know_is_refused_by_name(string from, string to, string said) =>
        Should.Throw<SettingsProblem>(() => Parse(Good.Replace(from, to, StringComparison.Ordinal))).Message.ShouldContain(said);

    [Theory]
    [InlineData("orgs/acme", "acme", "scope should be orgs/NAME")]
    [InlineData("https://api", "ftp://api", "api should be an http")]
    [InlineData("\"dind\"", "\"rootless\"", "docker should be dind, socket or none, is 'rootless'")]
    [InlineData("[\"linux\"]", "[]", "labels should be 1 to 100")]
    [InlineData("github-runner-2", "github-runner-1", "listed twice")]
    [InlineData("github-1", "../etc/passwd", "credential should be a file name")]
    [InlineData("\"/x\"", "\"/x/../y\"", "path should be absolute")]
    [InlineData("0600", "rw", "mode of /x")]
    [InlineData("gh-runner-01", "gh runner", "host should be")]
    [InlineData("2.0", "0", "cpus should be more than 0")]
    public void Each_problem_is_told_with_its_place(string from, string to, string said) =>
        SettingsCheck.ProblemsIn(Parse(Good.Replace(from, to, StringComparison.Ordinal))).ShouldHaveSingleItem().ShouldContain(said);

    [Fact]
    public void What_shapes_a_container_changes_its_hash_and_nothing_else_does()
    {
        HashOf(Good.Replace("\"github-runner-1\",", "", StringComparison.Ordinal)).ShouldBe(HashOf(Good));
        HashOf(Good.Replace("github-1", "github-2", StringComparison.Ordinal)).ShouldBe(HashOf(Good));
        foreach (var (from, to) in (( string, string)[])[("runner:1", "runner:2"), ("\"linux\"", "\"arm\""), ("2.0", "3"), ("http://m", "http://n"), ("orgs/acme", "orgs/other"), ("\"b\"", "\"c\"")])
            HashOf(Good.Replace(from, to, StringComparison.Ordinal)).ShouldNotBe(HashOf(Good));
    }
}
