using RunnerBuild.Config;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Tests.Ssh;

public sealed class Host_keys : IDisposable
{
    private static readonly HostKey First = new("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIJ2kD2rN0O1XoQm1m5u4m4yqf2b1m3p1q6n0H2s8L3dT");
    private static readonly HostKey Second = new("ecdsa-sha2-nistp256", "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA==");
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.known_hosts");

    [Fact]
    public void What_was_pinned_is_found_again_by_address_and_port()
    {
        var pins = new HostKeyPins(_file);
        pins.Pin("10.0.0.1", 22, [First]);
        pins.Pin("10.0.0.1", 2222, [Second]);
        pins.For("10.0.0.1", 22).ShouldBe([First]);
        pins.For("10.0.0.1", 2222).ShouldBe([Second]);
        pins.For("10.0.0.2", 22).ShouldBeEmpty();
    }

    [Fact]
    public void Pinning_replaces_the_addresss_keys_and_keeps_everything_else()
    {
        File.WriteAllText(_file, $"# mine\nother {First}\n10.0.0.1 {First}\n");
        new HostKeyPins(_file).Pin("10.0.0.1", 22, [Second]);
        File.ReadAllText(_file).ShouldBe($"# mine\nother {First}\n10.0.0.1 {Second}\n");
    }

    [Fact]
    public void A_line_of_several_names_keeps_the_others()
    {
        File.WriteAllText(_file, $"10.0.0.1,other,10.0.0.3 {First} of both\n");
        var pins = new HostKeyPins(_file);
        pins.Pin("10.0.0.1", 22, [Second]);
        pins.For("10.0.0.1", 22).ShouldBe([Second]);
        pins.For("other", 22).ShouldBe([First]);
        File.ReadAllLines(_file)[0].ShouldBe($"other,10.0.0.3 {First} of both");
    }

    [Fact]
    public void Pinning_writes_to_the_file_that_a_link_points_to()
    {
        var link = $"{_file}.link";
        File.WriteAllText(_file, $"other {First}\n");
        File.CreateSymbolicLink(link, _file);
        new HostKeyPins(link).Pin("10.0.0.1", 22, [Second]);
        new FileInfo(link).LinkTarget.ShouldBe(_file);
        File.ReadAllText(_file).ShouldBe($"other {First}\n10.0.0.1 {Second}\n");
        File.Delete(link);
    }

    [Fact]
    public void A_revoked_key_is_trusted_by_nothing()
    {
        File.WriteAllText(_file, $"10.0.0.1 {First}\n10.0.0.1 {Second}\n@revoked * {First}\n");
        var pins = new HostKeyPins(_file);
        pins.For("10.0.0.1", 22).ShouldBe([Second]);
        pins.Pin("10.0.0.1", 22, [First]);
        pins.For("10.0.0.1", 22).ShouldBeEmpty();
        File.ReadAllText(_file).ShouldContain($"@revoked * {First}");
        var trusted = new TrustedKeys(Access(First.Fingerprint), [First], First.Fingerprint) { Revoked = pins.RevokedFor("10.0.0.1", 22) };
        trusted.Includes(First).ShouldBeFalse();
        trusted.Mismatch(First, _file).What.ShouldBe("The host key of 10.0.0.1 is revoked.");
    }

    [Fact]
    public void Hashed_names_are_understood()
    {
        // As ssh-keygen -H writes 10.0.0.1 with this salt.
        var salt = Convert.ToBase64String(new byte[20]);
#pragma warning disable CA5350
        var hash = Convert.ToBase64String(System.Security.Cryptography.HMACSHA1.HashData(new byte[20], "10.0.0.1"u8));
#pragma warning restore CA5350
        File.WriteAllText(_file, $"|1|{salt}|{hash} {First}\n");
        new HostKeyPins(_file).For("10.0.0.1", 22).ShouldBe([First]);
        new HostKeyPins(_file).For("10.0.0.2", 22).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("|1|not-base64|x ssh-ed25519 AAAA")]
    [InlineData("10.0.0.1 ssh-ed25519 not base64")]
    [InlineData("10.0.0.1")]
    public void A_line_that_is_none_trusts_nobody(string line)
    {
        File.WriteAllText(_file, line + "\n");
        new HostKeyPins(_file).For("10.0.0.1", 22).ShouldBeEmpty();
    }

    [Fact]
    public void An_address_without_a_pin_is_never_trusted()
    {
        var trusted = new TrustedKeys(Access(), [], null);
        trusted.Includes(First).ShouldBeFalse();
        Should.Throw<RunnerBuildException>(() => trusted.RequireAny(_file)).Fix.ShouldContain("--accept-host-key");
    }

    [Fact]
    public void Another_key_than_the_pinned_one_is_named_with_the_way_to_accept_it()
    {
        var trusted = new TrustedKeys(Access(), [First], null);
        trusted.Includes(Second).ShouldBeFalse();
        var fault = trusted.Mismatch(Second, _file);
        fault.Why.ShouldContain(First.Fingerprint);
        fault.Why.ShouldContain(Second.Fingerprint);
        fault.Fix.ShouldContain($"--accept-host-key {Second.Fingerprint}");
    }

    [Fact]
    public void An_accepted_or_configured_fingerprint_counts_like_a_pin()
    {
        new TrustedKeys(Access(), [First], Second.Fingerprint).Includes(Second).ShouldBeTrue();
        new TrustedKeys(Access(Second.Fingerprint), [], null).Includes(Second).ShouldBeTrue();
        new TrustedKeys(Access(Second.Fingerprint), [], null).Includes(First).ShouldBeFalse();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("it's")]
    [InlineData("$HOME `id` \"x\" \\ ; & | > * ?\n\ttwo lines''")]
    [InlineData("")]
    public async Task A_quoted_word_arrives_as_it_is(string word) =>
        (await Remote.LocalProcess.RunAsync("sh", ["-c", $"printf '%s|' {Shell.Join([word, word])}"], "/", null, TestContext.Current.CancellationToken))
            .Output.TrimEnd('\n').ShouldBe($"{word}|{word}|");

    private static SshAccess Access(params string[] hostKeys) => new("10.0.0.1", 22, "debian", "/key", null, [.. hostKeys]);

    public void Dispose() => File.Delete(_file);
}
