using CsCheck;
using Nuke.Common.Secrets;

namespace Nuke.Tests;

/// <summary>Secrets in .nuke/parameters.json: read in both formats, entered by :secrets, never readable by chance.</summary>
public class SecretFiles
{
    private const string Password = "correct horse";

    [Fact]
    public void What_another_program_encrypted_as_NUKE_does_is_read() =>
        NukeCipher.Decrypt(Ciphers.Top, Password, "any").ShouldBe("top secret token");

    [Fact]
    public void What_is_written_for_NUKE_is_what_NUKE_would_write() =>
        NukeCipher.Encrypt("top secret token", Password).ShouldBe(Ciphers.Top);

    [Fact]
    public void Every_text_comes_back_from_both_formats() =>
        Gen.Select(Gen.String, Gen.String[1, 20]).Sample((text, password) =>
        {
            // A lone surrogate is no text that UTF-8 can hold.
            var clear = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
            return SealedCipher.Decrypt(SealedCipher.Encrypt(clear, password, "Name"), password, "Name") == clear
                && NukeCipher.Decrypt(NukeCipher.Encrypt(clear, password), password, "Name") == clear;
        }, iter: 20);

    [Fact]
    public void A_sealed_secret_opens_with_nothing_else()
    {
        var text = SealedCipher.Encrypt("value", Password, "Token");
        text.ShouldStartWith("v2:argon2id,m=19456,t=2:");
        SealedCipher.Encrypt("value", Password, "Token").ShouldNotBe(text);
        SealedCipher.Decrypt(text, "wrong horse", "Token").ShouldBeNull();
        SealedCipher.Decrypt(text, Password, "OtherToken").ShouldBeNull();
        SealedCipher.Decrypt(text.Replace("t=2", "t=1", StringComparison.Ordinal), Password, "Token").ShouldBeNull();
        SealedCipher.Decrypt(text.Replace("m=19456", "m=99999999", StringComparison.Ordinal), Password, "Token").ShouldBeNull();
        SealedCipher.Decrypt("v2:", Password, "Token").ShouldBeNull();
        SealedCipher.Decrypt("v2:argon2id,m=19456,t=2:AAAA", Password, "Token").ShouldBeNull();
    }

    [Fact]
    public void Changing_any_letter_of_a_sealed_secret_is_noticed()
    {
        var text = SealedCipher.Encrypt("value", Password, "Token");
        for (var i = text.LastIndexOf(':') + 1; i < text.Length - 2; i += 7)
        {
            var changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            SealedCipher.Decrypt(changed, Password, "Token").ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("v1:")]
    [InlineData("v2:")]
    public void Secrets_of_standard_input_are_encrypted_and_read_again(string format)
    {
        using var site = new Site();
        site.Environment["PARAMS_KEY"] = Password;
        site.Write(".nuke/parameters.json", "{\n  // stays\n  \"Count\": 4\n}\n");
        site.Input = "ApiKey=s3cret=with=equals\npin=42\n";

        var entered = site.Run<ListingBuild>([":secrets", "--format", format[..2]]);

        entered.Output.ShouldBe(".nuke/parameters.json has ApiKey, Pin, encrypted. Runs need PARAMS_KEY to read them.\n");
        entered.ExitCode.ShouldBe(0);
        var file = site.Read(".nuke/parameters.json");
        file.ShouldContain("// stays");
        file.ShouldContain($"\"ApiKey\": \"{format}");
        file.ShouldNotContain("s3cret");
        var run = site.Run<ListingBuild>("show", "--marks", "s3cret=with=equals");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("count 4 marks [\"***\"]");
        run.Output.ShouldContain("key *** pin ***");
    }

    [Fact]
    public void Secrets_of_a_profile_have_a_file_and_a_password_of_their_own()
    {
        using var site = new Site();
        site.Environment["PARAMS_DEV_TEST_KEY"] = Password;
        site.Input = "ApiKey=abcdef";
        site.Run<ListingBuild>(":secrets", "dev.test").Output.ShouldContain(".nuke/parameters.dev.test.json has ApiKey, encrypted. Runs need PARAMS_DEV_TEST_KEY to read it.");
        site.Run<ListingBuild>("show", "--profile", "dev.test", "--marks", "abcdef").Output.ShouldContain("marks [\"***\"]");
    }

    [Fact]
    public void A_person_is_asked_for_each_secret_and_twice_for_a_new_password()
    {
        using var site = new Site();
        var answers = new Queue<string>(["s3cret", "", "horse", "horse"]);
        var questions = new List<string>();
        site.Ask = (question, isSecret) =>
        {
            isSecret.ShouldBeTrue();
            questions.Add(question);
            return answers.Dequeue();
        };
        site.Run<ListingBuild>(":secrets").ExitCode.ShouldBe(0);
        questions.ShouldBe(["ApiKey: ", "Pin: ", "Password for .nuke/parameters.json: ", "The same again: "]);
        site.Read(".nuke/parameters.json").ShouldContain("\"ApiKey\": \"v2:");
    }

    [Theory]
    [InlineData("ApiKy=x", "'ApiKy' is no secret of this build. Did you mean 'ApiKey'?")]
    [InlineData("s3cret-alone", "A line of standard input is not NAME=VALUE.")]
    [InlineData("ApiKey=x", "There is no password: set the environment variable PARAMS_KEY.")]
    public void What_is_wrong_with_the_input_is_said_and_nothing_is_written(string input, string message)
    {
        using var site = new Site();
        site.Input = input;
        var result = site.Run<ListingBuild>(":secrets");
        result.Output.ShouldContain(message);
        result.Output.ShouldNotContain("s3cret-alone");
        result.ExitCode.ShouldBe(2);
        File.Exists(site.At(".nuke/parameters.json")).ShouldBeFalse();
    }

    [Fact]
    public void A_file_never_gets_secrets_of_two_passwords()
    {
        using var site = new Site();
        site.Environment["PARAMS_KEY"] = "other horse";
        site.Write(".nuke/parameters.json", $$"""{ "ApiKey": "{{Ciphers.Top}}" }""");
        site.Input = "Pin=1";
        site.Run<ListingBuild>(":secrets").Output.ShouldContain("The password does not open ApiKey, which is in the file already. Nothing was changed.");
    }

    [Theory]
    [InlineData("wrong", "cannot be decrypted: the password is another one, or the text was changed.")]
    [InlineData(null, "is encrypted and needs the password: set the environment variable PARAMS_KEY, or give this parameter in another way.")]
    public void Without_the_right_password_the_run_does_not_begin(string? password, string message)
    {
        using var site = new Site();
        if (password != null)
            site.Environment["PARAMS_KEY"] = password;
        site.Write(".nuke/parameters.json", $$"""{ "ApiKey": "{{Ciphers.Top}}" }""");
        var result = site.Run<ListingBuild>("show");
        result.Output.ShouldContain($".nuke/parameters.json:1 \"ApiKey\" {message}");
        result.ExitCode.ShouldBe(2);
        site.Run<ListingBuild>("show", "--api-key", "given").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Help_and_plan_need_no_password()
    {
        using var site = new Site();
        site.Write(".nuke/parameters.json", $$"""{ "ApiKey": "{{Ciphers.Top}}" }""");
        site.Run<ListingBuild>("--help").ExitCode.ShouldBe(0);
        site.Run<ListingBuild>("--plan").ExitCode.ShouldBe(0);
    }
}
