namespace Nuke.Common.Output;

/// <summary>The part of the output that belongs together; ends when disposed.</summary>
internal sealed class Block(Action end) : IDisposable
{
    public void Dispose() => end();
}
