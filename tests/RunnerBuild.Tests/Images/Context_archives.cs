using System.Formats.Tar;
using System.Text;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Docker;

namespace RunnerBuild.Tests.Images;

/// <summary>A build context on its way to an engine.</summary>
public sealed class Context_archives : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rb-archive-").FullName;

    [Fact]
    public void The_first_header_is_a_files_so_that_buildx_knows_an_archive_when_it_sees_one()
    {
        Write(".dockerignore", "x\n");
        Write("Dockerfile", "FROM a\n");

        var bytes = ContextArchive.Of(new BuildContext(_folder)).ToArray();

        Encoding.ASCII.GetString(bytes, 0, 11).ShouldBe("Dockerfile\0");
        ((char)bytes[156]).ShouldBe('0');
    }

    [Fact]
    public void Programs_are_known_by_their_first_line_and_nothing_of_this_machine_is_in_it()
    {
        Write("Dockerfile", "FROM a\n");
        Write("deep/grün/plain.txt", "#\n");
        Write("deep/program", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(_folder, "deep/grün/plain.txt"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var entries = Entries(ContextArchive.Of(new BuildContext(_folder), "FROM b\n"u8.ToArray()));

        entries.ShouldBe([("Dockerfile", "644", "FROM b\n"), ("deep/grün/plain.txt", "644", "#\n"), ("deep/program", "755", "#!/bin/sh\n")]);
        var before = ContextArchive.Of(new BuildContext(_folder)).ToArray();
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "Dockerfile"), DateTime.UnixEpoch.AddYears(40));
        ContextArchive.Of(new BuildContext(_folder)).ToArray().ShouldBe(before);
    }

    private static List<(string Name, string Mode, string Text)> Entries(Stream archive)
    {
        var entries = new List<(string, string, string)>();
        using var tar = new TarReader(archive);
        while (tar.GetNextEntry() is { } entry)
        {
            (entry.Uid, entry.Gid, entry.ModificationTime).ShouldBe((0, 0, DateTimeOffset.UnixEpoch));
            using var reader = new StreamReader(entry.DataStream!);
            entries.Add((entry.Name, Convert.ToString((int)entry.Mode, 8), reader.ReadToEnd()));
        }

        return entries;
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
