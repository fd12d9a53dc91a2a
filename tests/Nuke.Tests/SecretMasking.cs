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
            .Where((secret, _) => !SecretValues.Mask.Contains(secret, StringComparison.Ordinal) && secret.Trim('*', '"').Length > 0)
            .Sample((secret, text) =>
            {
                var secrets = new SecretValues();
                secrets.Add(secret);
                return !secrets.Hide(text).Replace(SecretValues.Mask, "#", StringComparison.Ordinal).Contains(secret, StringComparison.Ordinal);
            });

    [Fact]
    public void An_encoded_secret_is_masked_too()
    {
        const string Key = "pa ss/w\u00f6rd+\"1\\2";
        using var site = new Site();
        var result = site.Run<EncodingBuild>("Tell", "--key", Key, "--no-logo");
        result.ExitCode.ShouldBe(0);
        foreach (var log in new[] { result.Output, site.Read(".nuke/temp/build.log") })
            log.Split('\n').Where(x => x.Contains("shown ", StringComparison.Ordinal)).ShouldAllBe(x => x.Contains("***", StringComparison.Ordinal) && !x.Contains("1\\2", StringComparison.Ordinal));
        result.Output.Split("shown ").Length.ShouldBe(14);
        result.Output.ShouldContain("in pieces: ***\n");
        result.Output.ShouldContain("letters: ***\n");
        result.Output.ShouldContain("almost: pa ss/w\n");
    }

    private sealed class EncodingBuild : NukeBuild
    {
        [Parameter, Secret] private readonly string? Key;

        private Target Tell => _ => _.Executes(() =>
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(Key!);
            foreach (var text in new[]
            {
                Key, Convert.ToBase64String(bytes), Convert.ToBase64String([1, .. bytes]), Convert.ToBase64String([1, 2, .. bytes, 3]),
                System.Buffers.Text.Base64Url.EncodeToString(bytes), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"user:{Key}")),
                Uri.EscapeDataString(Key!), System.Net.WebUtility.UrlEncode(Key), System.Net.WebUtility.HtmlEncode(Key),
                System.Text.Json.JsonSerializer.Serialize(Key), Key!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
                Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes),
            })
                Console.WriteLine($"shown {text}");

            Console.Write("in pieces: " + Key[..5]);
            Console.WriteLine(Key[5..]);
            Console.Write("letters: ");
            foreach (var letter in Key)
                Console.Write(letter);
            Console.WriteLine();
            Console.WriteLine("almost: " + Key[..7]);
        });
    }

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
