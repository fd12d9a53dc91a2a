using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>The images of this program on one host, newest first.</summary>
/// <param name="Architecture">As Debian calls it.</param>
internal sealed record ImageStock(string Host, string Architecture, ImmutableArray<BuiltImage> Images);

/// <summary>Which image a fleet goes back to.</summary>
internal static class Earlier
{
    /// <summary>
    /// The lock that leads to it. Where today's recipe makes another image of that lock, the lock names the image that is there. The one that is
    /// gone back from is remembered, so that no refresh brings it again. Errors: <see cref="RunnerBuildException"/> when there is no such image.
    /// </summary>
    /// <param name="current">Tags of the image in use, by architecture.</param>
    /// <param name="to">A tag; null: the newest that is not in use.</param>
    /// <param name="made">Tags that today's recipe gives a lock, by architecture.</param>
    public static ImageLock Of(
        IReadOnlyList<ImageStock> stocks, ImmutableSortedDictionary<string, string> current, string? to, ImageLock have, Func<ImageLock, ImmutableSortedDictionary<string, string>> made)
    {
        var all = stocks.SelectMany(stock => stock.Images.Select(image => (stock.Architecture, Image: image))).Where(one => one.Image.Lock is not null).ToList();
        var chosen = all.Where(one => to is null ? !current.ContainsValue(one.Image.Tag) : one.Image.Tag == to).Select(one => one.Image).FirstOrDefault()
            ?? throw new RunnerBuildException(
                to is null ? "There is no image to go back to." : $"No host has the image {to}.",
                $"The hosts have {string.Join(", ", all.Select(one => one.Image.Tag).Distinct().DefaultIfEmpty("none"))}; in use is {string.Join(", ", current.Values)}.",
                to is null ? "The first refresh makes one: `image.keep` in the fleet says how many stay." : "Name one of these with --to.");
        var wanted = ImageLockJson.Parse(chosen.Lock!, $"The label of {chosen.Tag}");
        var tags = made(wanted);
        var pinned = tags.Keys.Select(architecture => KeyValuePair.Create(architecture, TagOn(architecture)))
            .Where(pair => pair.Value != tags[pair.Key]).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return wanted with { Pinned = pinned, Rejected = [.. current.Values.Where(tag => tag != chosen.Tag).Union(have.Rejected).Order(StringComparer.Ordinal)] };

        string TagOn(string architecture)
        {
            var alike = all.Where(one => one.Architecture == architecture && one.Image.Lock == chosen.Lock).Select(one => one.Image.Tag).ToList();
            return alike.Contains(chosen.Tag) ? chosen.Tag : alike.Contains(tags[architecture]) ? tags[architecture] : alike.FirstOrDefault() ?? throw new RunnerBuildException(
                $"No host of {architecture} has the image of {chosen.Tag}.", "It was built there from other releases, or is gone.", "Name another with --to.");
        }
    }
}
