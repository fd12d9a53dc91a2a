using CsCheck;

namespace Nuke.Tests;

/// <summary>Whatever the command line, the file or the environment hold: an answer for people, and an exit code of the table.</summary>
public class Fuzz
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[" -=:+,'\"{}[]\\/\0\n\tabcZ019.%\u00e9\u4e16\ud83d"], 0, 12],
        Gen.OneOf("", "-", "--", "---", "=", "--=", "1", "-1", "true", "nul", "{", "null", "[]", "v1:", "v2:", "v2:argon2id,m=8,t=1:AAAA", ":", ":complete"));

    private static readonly Gen<string> Option = Gen.OneOf(
        "--target", "--skip", "--plan", "--no-logo", "--continue", "--root=", "--root=no where", "--host", "--verbosity", "--profile", "--partition", "--strict", "--parallel", "--help",
        "--generate-configuration", "--params-key", "--vm-name", "--runner-count", "--labels", "--hosts", "--image-directory", "--dry-run", "--configuration", "--kind",
        "--optional-kind", "--vm-size", "--verify-timeout", "--ratio", "--repository-url", "--github-token", "--other-name", "-h", "Levels", "First", "create-vm", "First+Second");

    // A root elsewhere than in the test's own directory would get files.
    private static readonly Gen<string> Token = Gen.OneOf(Option, Text, Gen.Select(Option, Text, (option, text) => $"{option}={text}")).Where(x => !x.StartsWith("--root", StringComparison.Ordinal) || !x.AsSpan().ContainsAny('/', '.', '\\'));

    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, value) => depth > 2
        ? Scalar
        : Gen.OneOf(Scalar, value.Array[0, 3].Select(x => $"[{string.Join(',', x)}]"), Gen.Select(Key, value, (key, x) => $"{{{key}:{x}}}")));

    private static Gen<string> Scalar => Gen.OneOf(Gen.OneOf("1", "-1.5e300", "true", "null", "\"v1:AAAA\"", "\"v2:x\"", "99999999999999999999"), Text.Select(x => System.Text.Json.JsonSerializer.Serialize(Valid(x))));

    private static Gen<string> Key => Gen.OneOf("\"VmName\"", "\"RunnerCount\"", "\"Labels\"", "\"GitHubToken\"", "\"Kind\"", "\"Target\"", "\"Skip\"", "\"Verbosity\"", "\"Profile\"", "\"$schema\"", "\"\"", "\"Other\"");

    [Fact]
    public void No_command_line_is_too_much() =>
        Token.Array[0, 8].Sample(arguments =>
        {
            using var site = new Site();
            Check(site, arguments);
        }, iter: 800, threads: 1);

    [Fact]
    public void No_file_of_parameters_is_too_much() =>
        Gen.Select(Gen.OneOf(Gen.Select(Key, Value, (key, value) => $"{key}:{value}").Array[0, 4].Select(x => $"{{{string.Join(',', x)}}}"), Value, Text), Gen.Bool).Sample((json, hasPassword) =>
        {
            using var site = new Site();
            site.Write(".nuke/parameters.json", Valid(json));
            if (hasPassword)
                site.Environment["PARAMS_KEY"] = "x";
            Check(site, ["First", "--no-logo"]);
        }, iter: 600, threads: 1);

    [Fact]
    public void No_environment_is_too_much() =>
        Gen.Select(Gen.OneOf("NUKE_TARGET", "NUKE_SKIP", "NUKE_HOST", "NUKE_VERBOSITY", "NUKE_PROFILE", "NUKE_PARALLEL", "NUKE_PARTITION", "NUKE_HELP",
            "VM_NAME", "vmname", "RUNNER_COUNT", "LABELS", "KIND", "GITHUB_ACTIONS", "NO_COLOR", "TERM", "PARAMS_KEY", "REPOSITORY_URL", "VERIFY_TIMEOUT", "GITHUB_TOKEN"), Text).Array[0, 6].Sample(variables =>
        {
            using var site = new Site();
            foreach (var (name, value) in variables)
                site.Environment[name] = value;
            Check(site, ["First", "--no-logo"]);
        }, iter: 600, threads: 1);

    private static void Check(Site site, string[] arguments)
    {
        var result = site.RunSample(arguments);
        result.ExitCode.ShouldBeOneOf(0, 1, 2);
        if (result.ExitCode == 2)
            result.Output.ShouldNotContain("<stack frames>");
        result.Output.ShouldNotContain("outside of its targets");
        if (result.Output.Contains("<stack frames>", StringComparison.Ordinal))
            result.Output.ShouldContain("Target ");
    }

    // A lone surrogate is no text.
    private static string Valid(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
