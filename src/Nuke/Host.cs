#nullable disable
namespace Nuke.Common;

/// <summary>Where the build runs, which decides how output is grouped and annotated.</summary>
public abstract class Host
{
    private protected Host()
    {
    }

    public override string ToString() => GetType().Name;
}
