using System.Text;
using System.Text.Json.Nodes;
using Supervisor.GitHub;
using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.GitHub;

public sealed class JitConfigurationTests
{
    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void The_runners_own_updating_is_switched_off_and_the_rest_kept()
    {
        var files = JitConfiguration.Unpack(GitHubDouble.Blob(12, "r1")).Files;
        var runner = JsonNode.Parse(files[".runner"])!;
        ((string?)runner["DisableUpdate"]).ShouldBe("True");
        ((string?)runner["AgentName"]).ShouldBe("r1");
        Encoding.UTF8.GetString(files[".credentials"]).ShouldContain("jit-secret-r1");
    }

    [Fact]
    public void Only_plain_file_names_are_unpacked()
    {
        var blob = new JsonObject
        {
            [".runner"] = Base64("\uFEFF{\"disableUpdate\":\"False\"}"), [".credentials"] = Base64("{}"), [".credentials_rsaparams"] = Base64("{}"),
            ["../evil"] = Base64("x"), [".x/../../evil"] = Base64("x"), [".."] = Base64("x"), ["bin"] = Base64("x"),
        };
        var files = JitConfiguration.Unpack(Base64(blob.ToJsonString())).Files;
        files.Keys.Order().ShouldBe([".credentials", ".credentials_rsaparams", ".runner"]);
        Encoding.UTF8.GetString(files[".runner"]).ShouldBe("""{"DisableUpdate":"True"}""");
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("c2VjcmV0LXdvcmRz")]
    [InlineData("W10=")]
    [InlineData("eyIucnVubmVyIjoiISEifQ==")]
    public void What_cannot_be_read_is_refused_without_being_quoted(string blob)
    {
        var fault = Should.Throw<GitHubFault>(() => JitConfiguration.Unpack(blob));
        fault.Kind.ShouldBe(FaultKind.Refused);
        fault.Message.ShouldNotContain("secret");
    }
}
