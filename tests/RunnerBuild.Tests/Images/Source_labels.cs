using RunnerBuild.Remote.Docker;

namespace RunnerBuild.Tests.Images;

/// <summary>Where an image says that it is from.</summary>
public sealed class Source_labels
{
    [Theory]
    [InlineData("https://github.com/acme/runners.git", "https://github.com/acme/runners.git")]
    [InlineData("https://ada:ghp_secret@github.com/acme/runners.git", "https://github.com/acme/runners.git")]
    [InlineData("ssh://git@git.home.arpa:2222/ada/runners.git", "ssh://git.home.arpa:2222/ada/runners.git")]
    [InlineData("git@github.com:acme/runners.git", "ssh://github.com/acme/runners.git")]
    [InlineData("/srv/git/runners.git", null)]
    [InlineData("../runners", null)]
    public void No_user_and_no_password_is_in_it(string origin, string? source) => SourceLabels.Address(origin).ShouldBe(source);

    [Fact]
    public async Task A_folder_that_is_no_repository_has_a_time_alone()
    {
        var folder = Directory.CreateTempSubdirectory("rb-source-").FullName;
        try
        {
            (await SourceLabels.OfAsync(folder, TestContext.Current.CancellationToken)).Keys.ShouldBe(["org.opencontainers.image.created"]);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
