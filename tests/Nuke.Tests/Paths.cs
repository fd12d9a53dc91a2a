using Nuke.Common.IO;

namespace Nuke.Tests;

public class Paths
{
    private static readonly AbsolutePath Root = "/tmp/a";

    [Fact]
    public void Paths_are_joined_and_normalised()
    {
        (Root / "x" / ".." / "y").ToString().ShouldBe("/tmp/a/y");
        (Root / "b" + ".tar").ToString().ShouldBe("/tmp/a/b.tar");
        (Root / "b/").ShouldBe(Root / "b");
        (Root / ..).ShouldBe((AbsolutePath)"/tmp");
        ((AbsolutePath)"/").Parent.ShouldBeNull();
        (Root / "a b").ToString("dn").ShouldBe("\"/tmp/a/a b\"");
        Root.Contains(Root / "b").ShouldBeTrue();
        Root.Contains("/tmp/ab").ShouldBeFalse();
    }

    [Fact]
    public void A_relative_path_is_refused() =>
        Should.Throw<ArgumentException>(() => (AbsolutePath)"x/y").Message.ShouldBe("Path 'x/y' must be rooted");

    [Fact]
    public void Files_are_written_with_their_directories_and_one_line_break_at_the_end()
    {
        using var site = new Site();
        var file = (AbsolutePath)site.Root / "deep" / "file.txt";
        file.WriteAllText("text\n\n").ReadAllText().ShouldBe("text\n");
        file.WriteAllLines(["one", "two"]).ReadAllLines().ShouldBe(["one", "two"]);
        file.Parent.GetFiles("*.txt").ShouldBe([file]);
        file.Parent.CreateOrCleanDirectory().GetFiles().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("**/*.cs", "a.cs", "sub/b.cs", "sub/deep/c.cs")]
    [InlineData("*.cs", "a.cs")]
    [InlineData("sub/*.cs", "sub/b.cs")]
    [InlineData("sub/**", "sub/b.cs", "sub/d.txt", "sub/deep/c.cs")]
    [InlineData("**/[bd].{cs,txt}", "sub/b.cs", "sub/d.txt")]
    [InlineData("?.cs", "a.cs")]
    public void Patterns_find_files(string pattern, params string[] found)
    {
        using var site = new Site();
        var root = (AbsolutePath)site.Root / "files";
        foreach (var name in new[] { "a.cs", "sub/b.cs", "sub/d.txt", "sub/deep/c.cs" })
            (root / name).WriteAllText("");
        root.GlobFiles(pattern).Select(x => root.GetUnixRelativePathTo(x).ToString()).ShouldBe(found);
        (root / "sub" / "*.txt").GlobFiles().ShouldBe([root / "sub" / "d.txt"]);
        root.GlobDirectories("**/deep").ShouldBe([root / "sub" / "deep"]);
    }

    [Fact]
    public void Directories_are_copied_and_moved_as_the_policy_says()
    {
        using var site = new Site();
        var (from, to) = ((AbsolutePath)site.Root / "from", (AbsolutePath)site.Root / "to");
        (from / "one.txt").WriteAllText("new");
        (from / "sub" / "two.txt").WriteAllText("two");
        (to / "one.txt").WriteAllText("old");

        Should.Throw<ArgumentException>(() => from.Copy(to)).Message.ShouldBe("Policy disallows merging directories");
        Should.Throw<Exception>(() => from.Copy(to, ExistsPolicy.DirectoryMerge | ExistsPolicy.FileFail)).Message.ShouldContain("already exists");
        from.Copy(to, ExistsPolicy.MergeAndSkip);
        (to / "one.txt").ReadAllText().ShouldBe("old\n");
        (to / "sub" / "two.txt").ReadAllText().ShouldBe("two\n");
        from.Move(to, ExistsPolicy.MergeAndOverwrite);
        (to / "one.txt").ReadAllText().ShouldBe("new\n");
        from.DirectoryExists().ShouldBeFalse();
        Should.Throw<ArgumentException>(() => to.CopyToDirectory(to / "sub"));
        (to / "one.txt").Rename("uno.txt").ShouldBe(to / "uno.txt");
        (to / "uno.txt").WithExtension("md").Name.ShouldBe("uno.md");
        (to / "uno.txt").HasExtension(".md", ".txt").ShouldBeTrue();
    }

    [Fact]
    public void Archives_hold_what_the_directory_held()
    {
        using var site = new Site();
        var directory = (AbsolutePath)site.Root / "files";
        (directory / "sub" / "a.txt").WriteAllText("a");
        (directory / "b.log").WriteAllText("b");
        var root = (AbsolutePath)site.Root;
        directory.ZipTo(root / "a.zip", filter: x => x.Extension != ".log");
        directory.TarGZipTo(root / "a.tar.gz");
        (root / "a.zip").UnZipTo(root / "zip");
        (root / "a.tar.gz").UnTarGZipTo(root / "tar");
        (root / "zip").GetFiles("*", 9).ShouldBe([root / "zip" / "sub" / "a.txt"]);
        (root / "tar").GetFiles("*", 9).ShouldBe([root / "tar" / "b.log", root / "tar" / "sub" / "a.txt"]);
    }

    [Fact]
    public void What_exists_follows_the_name_of_the_expression()
    {
        using var site = new Site();
        var stateFile = (AbsolutePath)site.Root / "state";
        var stateDirectory = stateFile;
        stateFile.TouchFile();
        stateFile.Exists().ShouldBeTrue();
        stateDirectory.Exists().ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Root.Exists()).Message.ShouldStartWith("Cannot infer from argument 'Root'");
    }
}
