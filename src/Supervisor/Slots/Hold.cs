namespace Supervisor.Slots;

/// <summary>Nothing is tried before <paramref name="Until"/>, for this reason.</summary>
internal sealed record Hold(DateTimeOffset Until, string Reason)
{
    public bool At(DateTimeOffset now) => now < Until;
}
