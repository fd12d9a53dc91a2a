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
}
