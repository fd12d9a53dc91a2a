using System.Diagnostics;

namespace Lab.Tests.GitHub;

/// <summary>git itself against the double.</summary>
public class Repositories_to_clone
{
    [Theory]
    [InlineData("acme/widgets", 0)]
    [InlineData("acme/widgets.git", 0)]
    [InlineData("acme/unknown", 128)]
    public async Task A_repository_that_there_is_can_be_cloned(string name, int exitCode)
    {
        await using var server = await DoubleServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("rblab-clone");
        using var git = Process.Start(new ProcessStartInfo("git", ["clone", "--quiet", new Uri(server.Http.BaseAddress!, $"/{name}").ToString(), Path.Combine(folder.FullName, "clone")])
        {
            RedirectStandardError = true, Environment = { ["GIT_TERMINAL_PROMPT"] = "0", ["no_proxy"] = "*" },
        })!;
        var errors = await git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);

        git.ExitCode.ShouldBe(exitCode, errors);
        if (exitCode == 0)
            (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "clone", "README.md"), TestContext.Current.CancellationToken)).ShouldBe("# acme/widgets\n");
        folder.Delete(recursive: true);
    }
}
