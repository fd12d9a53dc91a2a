using RunnerBuild.Config;
using RunnerBuild.Planning;

namespace RunnerBuild.Tests.Images;

/// <summary>The file that says which releases go into the image.</summary>
public sealed class Locks : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rb-lock-").FullName;

    private string LockFile => Path.Combine(_folder, "deep", "fleet.lock.json");

    [Fact]
    public void It_is_written_whole_in_one_order_and_read_again()
    {
        ImageSamples.Lock.Save(LockFile);

        var text = File.ReadAllText(LockFile);
        text.ShouldBe($$"""
            {
              "base": {
                "reference": "debian:trixie-slim",
                "digest": "sha256:{{new string('c', 64)}}"
              },
              "distribution": "trixie-security 2026-11-20",
              "runner": {
                "version": "2.330.0",
                "sha256": {
                  "arm64": "{{new string('b', 64)}}",
                  "x64": "{{new string('a', 64)}}"
                }
              },
              "tools": {
                "helm": {
                  "version": "3.16.4",
                  "sha256": {
                    "arm64": "{{new string('e', 64)}}",
                    "x64": "{{new string('d', 64)}}"
                  }
                }
              }
            }

            """);
        ImageLockJson.Of(ImageLock.Load(LockFile)!, indented: true).ShouldBe(text);
        Directory.GetFiles(Path.GetDirectoryName(LockFile)!).ShouldBe([LockFile]);
    }

    [Fact]
    public void Where_there_is_none_there_is_none() => ImageLock.Load(LockFile).ShouldBeNull();

    [Theory]
    [InlineData("", "")]
    [InlineData("[]", "no object")]
    [InlineData("{ \"runer\": {} }", "`runer`")]
    [InlineData("{ \"runner\": { \"version\": \"2.330.0; rm -rf /\", \"sha256\": {} } }", "runner.version")]
    [InlineData("{ \"runner\": { \"version\": \"2.330.0\", \"sha256\": { \"x64\": \"abc\" } } }", "SHA-256")]
    [InlineData("{ \"runner\": { \"version\": \"2.330.0\", \"sha256\": { \"x86\": \"abc\" } } }", "`x86`")]
    [InlineData("{ \"runner\": { \"version\": \"2.330.0\" } }", "x64, arm64 or both")]
    [InlineData("{ \"base\": { \"reference\": \"debian\", \"digest\": \"latest\" } }", "sha256:")]
    [InlineData("{ \"tools\": { \"helm\": 7 } }", "tools/helm")]
    [InlineData("{ \"distribution\": \"a\\nb\" }", "one line")]
    [InlineData("{ \"distribution\": \"a\" ", "")]
    public void One_that_was_damaged_is_told_with_what_is_wrong(string text, string why)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LockFile)!);
        File.WriteAllText(LockFile, text);

        var fault = Should.Throw<ConfigurationException>(() => ImageLock.Load(LockFile));

        fault.What.ShouldContain("fleet.lock.json");
        fault.Why.ShouldContain(why);
        fault.Fix.ShouldContain("BuildCustomImage");
    }

    [Fact]
    public void What_the_fleet_leaves_open_and_the_lock_does_not_say_is_missing()
    {
        var recipe = ImageSamples.Recipe;
        ImageLock.Empty.Missing(recipe).ShouldBe(["runner", "base", "helm"]);
        ImageSamples.Lock.Missing(recipe).ShouldBeEmpty();
        ImageSamples.Lock.Missing(recipe with { Base = "ubuntu:24.04" }).ShouldBe(["base"]);
        ImageSamples.Lock.Missing(recipe with { Tools = [new("gh"), new("helm"), new("python")] }).ShouldBe(["gh"]);
        var pinned = recipe with
        {
            Base = $"debian@sha256:{new string('0', 64)}", Runner = recipe.Runner with { Version = "2.330.0" },
            Tools = [new("helm") { Pin = new("3.16.4", ImageSamples.Digests('d')) }],
        };
        ImageLock.Empty.Missing(pinned).ShouldBeEmpty();
        // A digest that its registry does not tell is not asked for in every run.
        (ImageSamples.Lock with { Base = new(ImageSamples.Base, null) }).Missing(recipe).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_fleet_no_longer_leaves_open_goes_from_it()
    {
        var recipe = ImageSamples.Recipe;
        var kept = ImageSamples.Lock.For(recipe with { Base = "ubuntu:24.04", Tools = [], Runner = recipe.Runner with { Version = "2.1.0" } });

        (kept.Runner, kept.Base, kept.Distribution, kept.Tools.Count).ShouldBe((null, null, null, 0));
        ImageLockJson.Of(ImageSamples.Lock.For(recipe), indented: false).ShouldBe(ImageLockJson.Of(ImageSamples.Lock, indented: false));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_in_is_told()
    {
        File.WriteAllText(Path.Combine(_folder, "deep"), "a file");
        Should.Throw<RunnerBuildException>(() => ImageSamples.Lock.Save(LockFile)).Fix.ShouldContain("image.lock");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_registry_that_says_nothing_changes_no_base()
    {
        var silent = ImageSamples.Lock with { Base = new(ImageSamples.Base, null) };
        silent.OrBaseOf(ImageSamples.Lock).Base.ShouldBe(ImageSamples.Lock.Base);
        ImageDifference.Between(ImageSamples.Lock, silent.OrBaseOf(ImageSamples.Lock)).ShouldBeEmpty();

        var other = ImageSamples.Lock with { Base = new("ubuntu:24.04", null) };
        other.OrBaseOf(ImageSamples.Lock).ShouldBe(other);
        var newer = ImageSamples.Lock with { Base = new(ImageSamples.Base, $"sha256:{new string('d', 64)}") };
        newer.OrBaseOf(ImageSamples.Lock).ShouldBe(newer);
    }
}
