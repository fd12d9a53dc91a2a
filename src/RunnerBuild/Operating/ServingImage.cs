namespace RunnerBuild.Operating;

/// <summary>The image that a host's own pools are on now. The lock does not know it: a recipe whose files have changed makes another image of the same lock.</summary>
internal static class ServingImage
{
    /// <returns>Null when the supervisor does not say: then there is nothing to keep.</returns>
    public static async Task<string?> OfAsync(HostSession session, CancellationToken cancel)
    {
        var built = session.Host.Pools.Where(pool => pool.Image is null).Select(pool => pool.Name).ToHashSet();
        return (await session.FactsAsync(cancel)).Supervisor?.Slots.FirstOrDefault(slot => built.Contains(slot.Pool))?.Image;
    }
}
