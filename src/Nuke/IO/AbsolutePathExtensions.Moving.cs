#nullable disable
namespace Nuke.Common.IO;

/// <summary>What happens where the target of a copy or a move exists already.</summary>
[Flags]
public enum ExistsPolicy
{
    DirectoryFail = 1,
    DirectoryMerge = 2,
    FileFail = 4,
    FileSkip = 8,
    FileOverwrite = 16,
    FileOverwriteIfNewer = 32,
    Fail = DirectoryFail | FileFail,
    MergeAndSkip = DirectoryMerge | FileSkip,
    MergeAndOverwrite = DirectoryMerge | FileOverwrite,
    MergeAndOverwriteIfNewer = DirectoryMerge | FileOverwriteIfNewer,
}

/// <summary>Copying, moving and renaming files and whole directories.</summary>
public static partial class AbsolutePathExtensions
{
    public static AbsolutePath Rename(this AbsolutePath source, string newName, ExistsPolicy policy = ExistsPolicy.Fail) =>
        source.Move(source.Parent / newName, policy);

    public static AbsolutePath RenameWithoutExtension(this AbsolutePath source, string newName, ExistsPolicy policy = ExistsPolicy.Fail) =>
        source.Move(source.Parent / newName + source.Extension, policy);

    public static AbsolutePath MoveToDirectory(this AbsolutePath source, AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail, bool createDirectories = true) =>
        source.Move(target / source.Name, policy, createDirectories);

    public static AbsolutePath CopyToDirectory(
        this AbsolutePath source, AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null, Func<AbsolutePath, bool> excludeFile = null, bool createDirectories = true) =>
        source.Copy(target / source.Name, policy, excludeDirectory, excludeFile, createDirectories);

    public static AbsolutePath Move(
        this AbsolutePath source, AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail, bool createDirectories = true, bool deleteRemainingFiles = false)
    {
        Assert.True(source.DirectoryExists() || source.FileExists());
        if (source.FileExists())
            return Place(source, target, policy, createDirectories, () => File.Move(source, target, overwrite: true));

        Enter(source, target, policy, createDirectories);
        foreach (var directory in source.GetDirectories())
            directory.Move(target / directory.Name, policy);
        foreach (var file in source.GetFiles())
            file.Move(target / file.Name, policy);
        if (deleteRemainingFiles || !Directory.EnumerateFileSystemEntries(source).Any())
            source.DeleteDirectory();
        return target;
    }

    public static AbsolutePath Copy(
        this AbsolutePath source, AbsolutePath target, ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null, Func<AbsolutePath, bool> excludeFile = null, bool createDirectories = true)
    {
        Assert.True(source.DirectoryExists() || source.FileExists());
        if (source.FileExists())
            return Place(source, target, policy, createDirectories, () => File.Copy(source, target, overwrite: true));

        Enter(source, target, policy, createDirectories);
        foreach (var directory in source.GetDirectories().Where(x => excludeDirectory?.Invoke(x) != true))
            directory.Copy(target / directory.Name, policy, excludeDirectory, excludeFile);
        foreach (var file in source.GetFiles().Where(x => excludeFile?.Invoke(x) != true))
            file.Copy(target / file.Name, policy);
        return target;
    }

    // Returns the source where the policy leaves the target as it is.
    private static AbsolutePath Place(AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool createDirectories, Action action)
    {
        if (target.FileExists())
        {
            if (policy.HasFlag(ExistsPolicy.FileFail))
                Assert.Fail($"File '{target}' already exists");
            if (policy.HasFlag(ExistsPolicy.FileSkip)
                || (policy.HasFlag(ExistsPolicy.FileOverwriteIfNewer) && File.GetLastWriteTimeUtc(target) >= File.GetLastWriteTimeUtc(source)))
                return source;
        }

        if (createDirectories)
            target.Parent.CreateDirectory();
        action();
        return target;
    }

    private static void Enter(AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool createDirectories)
    {
        Assert.False(source.Contains(target), $"Target directory '{target}' must not be in source directory '{source}'");
        Assert.True(!target.DirectoryExists() || policy.HasFlag(ExistsPolicy.DirectoryMerge), "Policy disallows merging directories");
        if (createDirectories)
            target.CreateDirectory();
    }
}
