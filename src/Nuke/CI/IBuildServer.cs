#nullable disable
namespace Nuke.Common.CI;

/// <summary>A host that is a CI system.</summary>
public interface IBuildServer
{
    string Branch { get; }
    string Commit { get; }
}
