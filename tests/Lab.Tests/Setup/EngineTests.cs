using Lab.Setup;

namespace Lab.Tests.Setup;

public class EngineTests
{
    [Theory]
    [InlineData("20.10.24+dfsg1")]
    [InlineData("28.2.2")]
    [InlineData("29.0.0-rc.1")]
    [InlineData("dev")]
    public void Engines_from_20_10_on_are_fine(string version) => Should.NotThrow(() => Engine.Check(version));

    [Theory]
    [InlineData("19.03.15")]
    [InlineData("1.13.1")]
    public void Older_engines_are_refused(string version) =>
        Should.Throw<LabException>(() => Engine.Check(version)).Message.ShouldContain($"Docker Engine {version} is too old");
}
