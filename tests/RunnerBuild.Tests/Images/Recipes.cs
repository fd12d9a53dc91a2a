using System.Collections.Immutable;
using System.Text;
using CsCheck;
using RunnerBuild.Config;
using RunnerBuild.Desired;

namespace RunnerBuild.Tests.Images;

/// <summary>The hash of all inputs: the same on every machine, and another as soon as one byte differs.</summary>
public sealed class Recipes : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rb-recipe-").FullName;

    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcDEF019._-"], 1, 8].Where(name => name is not ("." or ".."));
    private static readonly Gen<(string Path, byte[] Content)[]> Context = Gen.Select(
        Gen.Select(Name, Name, Gen.Bool, (folder, name, deep) => deep ? $"{folder}.d/{name}" : name), Gen.Byte.Array[0, 20])
        .Array[1, 6].Select(files => files.DistinctBy(file => file.Item1).ToArray());
    private static readonly Gen<ImmutableSortedDictionary<string, string>> Arguments = Gen.Select(Name, Gen.String[0, 10]).Array[0, 5]
        .Select(pairs => pairs.DistinctBy(pair => pair.Item1).ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal));

    [Fact]
    public void Same_inputs_have_the_same_hash_wherever_they_lie_and_in_whatever_order_they_were_written() =>
        Gen.Select(Context, Arguments, Gen.Int[1, 1000]).Sample((files, arguments, seed) =>
        {
            var one = Write(files);
            var other = Write([.. files.OrderBy(file => HashCode.Combine(file.Path, seed))], under: "a much longer name of a folder/of another machine");
            try
            {
                return HashOf(one, arguments) == HashOf(other, arguments.WithComparers(StringComparer.InvariantCulture));
            }
            finally
            {
                Directory.Delete(one, recursive: true);
                Directory.Delete(other, recursive: true);
            }
        }, iter: 100);

    [Fact]
    public void A_changed_byte_of_any_file_gives_another() =>
        Gen.Select(Context.Where(files => files.Any(file => file.Content.Length > 0)), Gen.Int[0, 1000], Gen.Byte[1, 255]).Sample((files, at, flip) =>
        {
            var filled = files.Select((file, index) => (file, index)).Where(entry => entry.file.Content.Length > 0).ToList();
            var (file, index) = filled[at % filled.Count];
            var changed = file.Content.ToArray();
            changed[at % changed.Length] ^= flip;
            return Hash(files) != Hash([.. files[..index], (file.Path, changed), .. files[(index + 1)..]]);
        });

    [Fact]
    public void A_byte_that_moves_from_one_file_to_the_next_or_into_a_name_gives_another() =>
        Gen.Select(Name, Name, Gen.Byte.Array[0, 8], Gen.Byte.Array[1, 8]).Where((one, other, _, _) => one != other).Sample((one, other, first, second) =>
        {
            var before = Hash([(one, first), (other, second)]);
            return before != Hash([(one, [.. first, second[0]]), (other, second[1..])])
                && Hash([(one + "x", first)]) != Hash([(one, [(byte)'x', .. first])])
                && before != Hash([(one, [.. first, .. Encoding.UTF8.GetBytes($"file\n{other}"), .. second])])
                && before != Hash([(other, first), (one, second)]);
        });

    [Fact]
    public void A_changed_argument_gives_another() =>
        Gen.Select(Arguments.Where(arguments => !arguments.IsEmpty), Gen.Int[0, 100], Gen.String[1, 4]).Sample((arguments, at, more) =>
        {
            var (name, value) = arguments.ElementAt(at % arguments.Count);
            var before = RecipeHash.Of([], arguments);
            return before != RecipeHash.Of([], arguments.SetItem(name, value + more)) && before != RecipeHash.Of([], arguments.Remove(name))
                && before != RecipeHash.Of([], arguments.Remove(name).SetItem(name + "_", value))
                && before != RecipeHash.Of([("argument", Encoding.UTF8.GetBytes(name))], arguments.Remove(name));
        });

    [Fact]
    public void Every_field_of_the_lock_counts_and_every_part_of_the_recipe()
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), "FROM scratch\n");
        var recipe = ImageSamples.Recipe;
        var @lock = ImageSamples.Lock;
        var helm = @lock.Tools["helm"];
        (ImageRecipe, ImageLock)[] variants =
        [
            (recipe, @lock),
            (recipe, @lock with { Runner = new PinnedRelease("2.330.1", @lock.Runner!.Sha256) }),
            (recipe, @lock with { Runner = new PinnedRelease("2.330.0", ImageSamples.Digests('0', 'b')) }),
            (recipe, @lock with { Runner = @lock.Runner with { Urls = ImmutableSortedDictionary<string, string>.Empty.Add("x64", "https://mirror/x") } }),
            (recipe, @lock with { Base = @lock.Base! with { Digest = null } }),
            (recipe, @lock with { Base = @lock.Base with { Digest = $"sha256:{new string('0', 64)}" } }),
            (recipe, @lock with { Distribution = "trixie-security 2026-11-21" }),
            (recipe, @lock with { Distribution = null }),
            (recipe, @lock with { Tools = @lock.Tools.SetItem("helm", new PinnedRelease("3.16.5", helm.Sha256)) }),
            (recipe, @lock with { Tools = @lock.Tools.SetItem("helm", new PinnedRelease("3.16.4", ImageSamples.Digests('0', 'e'))) }),
            (recipe, @lock with { Tools = @lock.Tools.SetItem("helm", helm with { Urls = ImmutableSortedDictionary<string, string>.Empty.Add("x64", "https://mirror/x") }) }),
            (recipe with { Tools = [.. recipe.Tools, new ToolSet("python")] }, @lock),
            (recipe with { Tools = [new ToolSet("docker"), new ToolSet("helm")] }, @lock),
            (recipe with { BuildArguments = recipe.BuildArguments.Add("X", "1") }, @lock),
            (recipe with { Base = "debian:bookworm-slim" }, @lock),
            (recipe with { Runner = recipe.Runner with { Version = "2.329.0", Sha256 = ImageSamples.Digests('a') } }, @lock),
        ];

        variants.Select(variant => Of(variant.Item1, variant.Item2).Recipe).ShouldBeUnique();
        // Of the other architecture's hash, this one's image does not depend.
        Of(recipe, @lock with { Runner = new PinnedRelease("2.330.0", ImageSamples.Digests('a', '0')) }).Recipe.ShouldBe(Of(recipe, @lock).Recipe);
        Of(recipe, @lock, "arm64").Recipe.ShouldNotBe(Of(recipe, @lock).Recipe);
    }

    [Fact]
    public void What_the_fleet_says_itself_wins_over_the_lock()
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), "FROM scratch\n");
        var recipe = ImageSamples.Recipe with
        {
            Base = $"debian@sha256:{new string('9', 64)}",
            Runner = ImageSamples.Recipe.Runner with { Version = "2.300.0", Sha256 = ImageSamples.Digests('1') },
            Tools = [new ToolSet("helm") { Pin = new PinnedRelease("3.0.0", ImageSamples.Digests('2')) }],
        };

        var image = Of(recipe, ImageSamples.Lock);

        (image.Arguments["BASE"], image.Arguments["RUNNER_VERSION"], image.Arguments["RUNNER_SHA256"]).ShouldBe((recipe.Base, "2.300.0", new string('1', 64)));
        image.Arguments["TOOL_PINS"].ShouldBe($"HELM_VERSION=3.0.0 HELM_SHA256={new string('2', 64)}");
        // Nor does the state of another base's packages count.
        image.Recipe.ShouldBe(Of(recipe, ImageLock.Empty).Recipe);
        Of(recipe, ImageLock.Empty with { Distribution = "x" }).Recipe.ShouldNotBe(image.Recipe);
    }

    [Fact]
    public void An_image_says_what_it_is_made_of()
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), "FROM scratch\n");
        var image = Of(ImageSamples.Recipe, ImageSamples.Lock);

        image.Labels["runnerbuild.recipe"].ShouldBe(image.Recipe);
        image.Labels["runnerbuild.tools"].ShouldBe("ansible docker helm=3.16.4");
        image.Labels["org.opencontainers.image.version"].ShouldBe("2.330.0");
        image.Labels["org.opencontainers.image.base.name"].ShouldBe(ImageSamples.Base);
        image.Labels["org.opencontainers.image.base.digest"].ShouldBe(ImageSamples.Lock.Base!.Digest);
        var again = ImageLockJson.Parse(image.Labels["runnerbuild.lock"], "the label");
        Of(ImageSamples.Recipe, again).Recipe.ShouldBe(image.Recipe);
    }

    private RunnerImage Of(ImageRecipe recipe, ImageLock @lock, string architecture = "x64") => RunnerImage.Of(recipe, @lock, architecture, _folder);

    private string Write((string Path, byte[] Content)[] files, string under = "x")
    {
        var root = Path.Combine(_folder, under, Path.GetRandomFileName());
        foreach (var (path, content) in files)
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }

        return root;
    }

    private static string HashOf(string folder, ImmutableSortedDictionary<string, string> arguments) =>
        RecipeHash.Of(new BuildContext(folder).Files().Select(entry => (entry.Path, File.ReadAllBytes(entry.File))), arguments);

    private static string Hash((string, byte[])[] files) => RecipeHash.Of(files, ImmutableSortedDictionary<string, string>.Empty);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
