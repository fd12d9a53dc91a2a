using System.Runtime.CompilerServices;

namespace RunnerBuild.Tests.Config;

/// <summary>Compares with a file beside the tests; UPDATE_GOLDEN=1 writes it instead.</summary>
internal static class Golden
{
    public static void Check(string file, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, actual);
        File.Exists(file).ShouldBeTrue($"{file} is not there; UPDATE_GOLDEN=1 writes it");
        actual.ShouldBe(File.ReadAllText(file), $"{file} differs; UPDATE_GOLDEN=1 accepts what there is now");
    }

    /// <summary>Folder of the calling test's source.</summary>
    public static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    /// <summary>The project's own fleets.</summary>
    public static string Fleets => Path.GetFullPath("../../../build/fleets", Here());
}
