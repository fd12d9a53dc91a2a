using Lab.Setup;

namespace Lab.Tests.Setup;

public sealed class ProgramCopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_program_that_runs_is_copied_with_all_that_it_needs()
    {
        Place(typeof(LabRecord).Assembly.Location);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_folder.At("from/Setup")).FullName, "detach"), "#!/bin/sh\n");

        Copy.RequireUnchanged();
        Copy.Make();

        File.Exists(_folder.At("to/Lab.dll")).ShouldBeTrue();
        File.Exists(_folder.At("to/Setup/detach")).ShouldBeTrue();
    }

    [Fact]
    public void Another_build_in_its_place_is_told_at_once()
    {
        Place(typeof(Lab.Runner.Listening.Listener).Assembly.Location);

        Should.Throw<LabException>(Copy.RequireUnchanged).Message.ShouldContain("changed while it was bringing the lab up");
        Should.Throw<LabException>(Copy.Make).Message.ShouldContain("is of another build now");
    }

    [Fact]
    public void So_is_one_that_is_still_being_written()
    {
        Place(typeof(LabRecord).Assembly.Location);
        File.WriteAllBytes(_folder.At("from/Lab.dll"), File.ReadAllBytes(_folder.At("from/Lab.dll"))[..5000]);

        Should.Throw<LabException>(Copy.RequireUnchanged);
        File.Delete(_folder.At("from/Lab.dll"));
        Should.Throw<LabException>(Copy.RequireUnchanged);
    }

    public void Dispose() => _folder.Dispose();

    private ProgramCopy Copy => new(_folder.At("from"), _folder.At("to"), LabRecord.CurrentVersion);

    private void Place(string assembly)
    {
        Directory.CreateDirectory(_folder.At("from"));
        File.Copy(assembly, _folder.At("from/Lab.dll"));
    }
}
