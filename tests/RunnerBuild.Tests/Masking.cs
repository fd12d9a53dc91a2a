using RunnerBuild.Planning;
using RunnerBuild.Terminal;

namespace RunnerBuild.Tests;

/// <summary>No secret is in what people read, whoever wrote it.</summary>
public class Masking
{
    [Fact]
    public void A_line_of_a_remote_command_is_masked_before_it_is_shortened()
    {
        _ = new Secret("s3cret-of-a-remote-line");
        using var output = new StringWriter();
        new Report(output, color: false, verbose: true).Lines("host")("curl: Authorization: s3cret-of-a-remote-line");
        output.ToString().ShouldContain("Authorization: ***");
        output.ToString().ShouldNotContain("s3cret");
    }

    [Fact]
    public void Each_line_of_a_key_is_masked_by_itself()
    {
        _ = new Secret("-----BEGIN KEY-----\nabcdefghij\nklmnopqrst\n-----END KEY-----\n");
        Redaction.Mask("said klmnopqrst").ShouldBe("said ***");
    }

    [Fact]
    public void A_longer_secret_is_not_half_masked_by_a_shorter_one()
    {
        _ = new Secret("abcdef-short");
        _ = new Secret("abcdef-short-and-long");
        Redaction.Mask("abcdef-short-and-long").ShouldBe("***");
    }

    [Fact]
    public void Ordinary_words_stay()
    {
        _ = new Secret("yes");
        Redaction.Mask("yes").ShouldBe("yes");
    }

    [Fact]
    public void A_plan_masks_what_a_change_would_show()
    {
        _ = new Secret("s3cret-in-a-change");
        using var output = new StringWriter();
        new Report(output, color: false, verbose: false).Plan("BootstrapHost", "host", [new Change("file/x", "content", "s3cret-in-a-change", "b", [])]);
        output.ToString().ShouldContain("*** -> b");
    }
}
