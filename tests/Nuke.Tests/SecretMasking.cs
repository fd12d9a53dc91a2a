using CsCheck;
using Nuke.Common;
using Nuke.Common.Output;
using Serilog;

namespace Nuke.Tests;

/// <summary>Secrets are in no output of the engine, whatever way they came in and went out.</summary>
public class SecretMasking
{
    private const string Secret = "s3\"cret/Wert";

    [Theory]
    [InlineData("--api-key", Secret)]
    [InlineData("--api-key=" + Secret)]
    public void A_secret_of_the_command_line_is_masked_on_console_and_in_the_log(params string[] arguments)
    {
        using var site = new Site();
        var result = site.Run<ListingBuild>(["show", "--verbosity", "Verbose", .. arguments]);
        result.Output.ShouldContain("key ***");
        result.Output.ShouldNotContain(Secret);
        site.Read(".nuke/temp/build.log").ShouldContain("key ***");
        site.Read(".nuke/temp/build.log").ShouldNotContain("cret/Wert");
    }

    [Theory]
    [InlineData("show", "--bogus", Secret)]
    [InlineData("show", "--api-kye", Secret)]
    [InlineData("show", "--api-kye=" + Secret)]
    [InlineData("show", "--api-key", "first", Secret)]
    [InlineData("show", "--api-key", "-" + Secret)]
    [InlineData("show", "--pin", Secret)]
    [InlineData("show", "--api-key", Secret, "--count", Secret)]
    public void No_error_shows_a_secret(params string[] arguments)
    {
        using var site = new Site();
        var result = site.Run<ListingBuild>(arguments);
        result.ExitCode.ShouldBe(2);
        result.Output.ShouldNotContain(Secret);
    }

    [Fact]
    public void A_secret_that_another_source_overrides_is_masked_too()
    {
        using var site = new Site();
        site.Environment["API_KEY"] = "overridden-one";
        site.Run<ListingBuild>("show", "--api-key", "other", "--marks", "overridden-one").Output.ShouldContain("marks [\"***\"]");
    }

    [Fact]
    public void What_a_build_registers_or_writes_itself_is_masked_too()
    {
        using var site = new Site();
        var result = site.Run<TellingBuild>("Tell");
        result.ExitCode.ShouldBe(1);
        result.Output.ShouldNotContain("hunter2");
        result.Output.ShouldContain("written ***");
        result.Output.ShouldContain("System.InvalidOperationException: thrown ***");
        result.Output.ShouldContain("// InvalidOperationException: thrown ***");
        result.Output.ShouldNotContain("MIIEow");
    }

    [Fact]
    public void A_masked_text_never_holds_the_secret() =>
        Gen.Select(Gen.String[Gen.Char["abc*\""], 1, 6], Gen.String[Gen.Char["abc*\" "], 0, 40])
            .Where((secret, _) => !Secrets.Mask.Contains(secret, StringComparison.Ordinal) && secret.Trim('*', '"').Length > 0)
            .Sample((secret, text) =>
            {
                var secrets = new Secrets();
                secrets.Add(secret);
                return !secrets.Hide(text).Replace(Secrets.Mask, "#", StringComparison.Ordinal).Contains(secret, StringComparison.Ordinal);
            });

    private sealed class TellingBuild : NukeBuild
    {
        private Target Tell => _ => _.Executes(() =>
        {
            MaskSecret("hunter2");
            MaskSecret("-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\n-----END KEY-----\n");
            Console.WriteLine("written hunter2");
            Log.Information("a line of the key: {Line}", "MIIEowIBAAKCAQEA");
            throw new InvalidOperationException("thrown hunter2");
        });
    }
}
