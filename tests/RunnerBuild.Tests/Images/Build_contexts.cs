using RunnerBuild.Desired;

namespace RunnerBuild.Tests.Images;

/// <summary>Which files of a folder are sent to the engine, and make the image's name.</summary>
public sealed class Build_contexts : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rb-context-").FullName;

    [Fact]
    public void Everything_is_sent_but_what_git_keeps_for_itself()
    {
        Write("Dockerfile", "README.md", "docs/guide.md", ".git/HEAD", ".git/objects/ab/cd", ".gitignore", "sub/.git");
        Sent().ShouldBe([".gitignore", "Dockerfile", "README.md", "docs/guide.md"]);
    }

    [Theory]
    [InlineData("*.log", "a.log", true)]
    [InlineData("*.log", "sub/a.log", false)]
    [InlineData("**/*.log", "a.log", true)]
    [InlineData("**/*.log", "sub/deep/a.log", true)]
    [InlineData("sub", "sub/deep/a.txt", true)]
    [InlineData("/sub/", "sub/deep/a.txt", true)]
    [InlineData("sub/**", "sub/deep/a.txt", true)]
    [InlineData("sub/**/x", "sub/x", true)]
    [InlineData("sub/*/x", "sub/x", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[^a-c].txt", "b.txt", false)]
    [InlineData("./b.txt", "b.txt", true)]
    [InlineData("# b.txt", "b.txt", false)]
    [InlineData("*\n!b.txt", "b.txt", false)]
    [InlineData("!b.txt\n*", "b.txt", true)]
    [InlineData("sub\n!sub/keep", "sub/keep", false)]
    [InlineData("a+(b).txt", "a+(b).txt", true)]
    [InlineData("\\*.txt", "b.txt", false)]
    public void Dockerignore_means_what_it_means_to_docker(string patterns, string file, bool left)
    {
        Write("Dockerfile", file);
        File.WriteAllText(Path.Combine(_folder, ".dockerignore"), $"  \n{patterns}\n");
        Sent().Contains(file).ShouldBe(!left);
    }

    [Fact]
    public void The_recipe_and_the_list_itself_are_always_sent()
    {
        Write("Dockerfile", "other");
        File.WriteAllText(Path.Combine(_folder, ".dockerignore"), "*\n");
        Sent().ShouldBe([".dockerignore", "Dockerfile"]);
    }

    [Fact]
    public void A_set_of_somebodys_own_comes_with_its_check_and_replaces_one_of_that_name()
    {
        Write("Dockerfile", "tools/mine.sh", "elsewhere/set.sh", "elsewhere/set.check");
        File.WriteAllText(Path.Combine(_folder, ".dockerignore"), "elsewhere\n");

        var context = new BuildContext(_folder).WithSet("mine", Path.Combine(_folder, "elsewhere/set.sh"));

        context.Files().Select(entry => (entry.Path, Path.GetRelativePath(_folder, entry.File))).ShouldBe(
            [(".dockerignore", ".dockerignore"), ("Dockerfile", "Dockerfile"), ("tools/mine.check", "elsewhere/set.check"), ("tools/mine.sh", "elsewhere/set.sh")]);
    }

    private IEnumerable<string> Sent() => new BuildContext(_folder).Files().Select(entry => entry.Path);

    private void Write(params string[] files)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
