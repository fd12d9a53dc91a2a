using Lab.Setup;

namespace Lab.Tests.Setup;

public class AptSourcesTests
{
    [Fact]
    public void One_line_entries_give_their_archive_whatever_options_stand_before() =>
        Texts(AptSources.OneLine(
            """
            # deb http://comment.example/debian trixie main
            deb http://a.example/debian/ trixie main contrib
            deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://b.example/debian trixie main # deb http://c.example/debian trixie main
            deb-src http://source.example/debian trixie main
            """)).ShouldBe(["http://a.example/debian", "https://b.example/debian"]);

    [Fact]
    public void Paragraphs_give_all_their_archives_and_a_comment_inside_gives_none() =>
        Texts(AptSources.Deb822(
            """
            Types: deb
            # http://snapshot.example/archive/debian/20250520T000000Z
            URIs: http://a.example/debian
             http://b.example/debian
            Suites: trixie trixie-updates
            Components: main

            Types: deb deb-src
            uris: http://security.example/debian-security
            Suites: trixie-security
            """)).ShouldBe(["http://a.example/debian", "http://b.example/debian", "http://security.example/debian-security"]);

    [Theory]
    [InlineData("Types: deb\nURIs: http://a.example/debian\nEnabled: no")]
    [InlineData("Types: deb-src\nURIs: http://a.example/debian")]
    [InlineData("Types: deb\nURIs: cdrom:[Debian] file:/srv/mirror http://127.0.0.1/debian")]
    [InlineData("Types deb\nnonsense")]
    [InlineData("")]
    public void Paragraphs_that_are_off_or_mean_nothing_in_a_container_give_no_archive(string text) =>
        AptSources.Deb822(text).ShouldBeEmpty();

    [Theory]
    [InlineData("deb cdrom:[Debian 13]/ trixie main")]
    [InlineData("deb [broken http://a.example/debian trixie main")]
    [InlineData("deb http://a.example/debian")]
    public void Lines_without_an_archive_that_a_container_can_reach_give_none(string text) => AptSources.OneLine(text).ShouldBeEmpty();

    [Fact]
    public void Files_of_both_formats_are_read_and_no_others()
    {
        using var folder = new TemporaryFolder();
        var parts = Directory.CreateDirectory(folder.At("sources.list.d")).FullName;
        File.WriteAllText(folder.At("sources.list"), "deb http://main.example/debian trixie main\n");
        File.WriteAllText(Path.Combine(parts, "x.list"), "deb http://list.example/debian trixie main\n");
        File.WriteAllText(Path.Combine(parts, "x.sources"), "Types: deb\nURIs: http://deb822.example/debian\nSuites: trixie\n");
        File.WriteAllText(Path.Combine(parts, "x.sources.disabled"), "Types: deb\nURIs: http://off.example/debian\nSuites: trixie\n");

        Texts(AptSources.OfMachine(folder.Path)).ShouldBe(
            ["http://deb822.example/debian", "http://main.example/debian", "http://list.example/debian"]);
    }

    private static IEnumerable<string> Texts(IEnumerable<Uri> archives) => archives.Select(archive => archive.ToString());
}
