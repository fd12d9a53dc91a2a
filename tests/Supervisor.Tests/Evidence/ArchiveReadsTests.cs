using Supervisor.Configuration;
using Supervisor.Evidence;
using Supervisor.Systemd;

namespace Supervisor.Tests.Evidence;

public sealed class ArchiveReadsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("archives-").FullName;
    private readonly StringWriter said = new();
    private readonly ArchiveReads reads;

    public ArchiveReadsTests() => reads = new ArchiveReads(new EventLog(said));

    [Fact]
    public async Task Every_copy_counts_in_repositories_that_were_there_and_in_those_that_come()
    {
        var (there, later) = (Path.Combine(folder, "actions_checkout"), Path.Combine(folder, "acme_tool"));
        Archive(there, "a.tar.gz");
        reads.Taken.ShouldBeNull();
        reads.Use(Settings(folder));
        reads.Taken.ShouldBe(0);

        for (var i = 0; i < 3; i++)
            Take(Path.Combine(there, "a.tar.gz"));
        await CountAsync(3);

        Directory.CreateDirectory(later);
        await SettleAsync();
        Archive(later, "b.tar.gz");
        Take(Path.Combine(later, "b.tar.gz"));
        await CountAsync(4);
        said.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_takes_no_archive_does_not_count()
    {
        var repository = Path.Combine(folder, "actions_checkout");
        Archive(repository, "a.tar.gz");
        Archive(repository, "a.tar.gz.draft");
        reads.Use(Settings(folder));
        reads.Use(Settings(folder));

        Archive(repository, "new.tar.gz");
        File.Exists(Path.Combine(repository, "a.tar.gz")).ShouldBeTrue();
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length.ShouldBe(3);
        Take(Path.Combine(repository, "a.tar.gz.draft"));
        File.Delete(Path.Combine(repository, "new.tar.gz"));
        Take(Path.Combine(repository, "a.tar.gz"));
        await CountAsync(1);
    }

    [Fact]
    public async Task A_repository_that_went_and_came_again_counts_on()
    {
        var repository = Path.Combine(folder, "acme_tool");
        Archive(repository, "a.tar.gz");
        reads.Use(Settings(folder));
        Directory.Delete(repository, true);
        await SettleAsync();
        Directory.CreateDirectory(repository);
        await SettleAsync();
        Archive(repository, "a.tar.gz");
        Take(Path.Combine(repository, "a.tar.gz"));
        await CountAsync(1);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_and_nothing_else_comes_of_it()
    {
        reads.Use(Settings(Path.Combine(folder, "gone")));
        said.ToString().ShouldContain($"from {folder}/gone is not counted");
        said.ToString().ShouldContain("No such file or directory");
    }

    public void Dispose()
    {
        reads.Dispose();
        Directory.Delete(folder, true);
    }

    private static void Archive(string repository, string name) => File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(repository).FullName, name), new byte[100_000]);

    // As the runner program takes one.
    private static void Take(string archive)
    {
        var copy = Path.GetTempFileName();
        File.Copy(archive, copy, overwrite: true);
        File.Delete(copy);
    }

    private async Task CountAsync(long wanted)
    {
        for (var i = 0; i < 100 && reads.Taken < wanted; i++)
            await SettleAsync();
        await SettleAsync();
        reads.Taken.ShouldBe(wanted);
    }

    private static Task SettleAsync() => Task.Delay(50, TestContext.Current.CancellationToken);

    private static SupervisorSettings Settings(string archives) => new()
    {
        Version = 1, Host = "one",
        Pools = [new() { Name = "p", Api = "https://api.github.com", Scope = "orgs/acme", Credential = "c", Labels = ["x"], Image = "i", Docker = "none", Slots = ["s-1"], ActionArchives = archives }],
    };
}
