using Integration.Running;

namespace Integration.Stations;

/// <summary>What a host meets in its life: its slots say what it is, ask GitHub seldom meanwhile, and serve again by themselves once it is over.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_Troubles(LabFixture lab)
{
    // Of pool `plain` on east, whose image these tests make.
    private static readonly string[] Changing = ["github-runner-3", "github-runner-4"];
    private static readonly string[] OfWest = ["github-runner-1", "github-runner-2", "github-runner-3"];
    private static readonly string[] OfEast = ["github-runner-1", "github-runner-2", .. Changing];

    [Theory]
    [InlineData("too-many-requests", "45s", "asking again in")]
    [InlineData("server-errors", "60s", "GitHub has trouble: 502")]
    [InlineData("hang", "100s", "GitHub did not answer")]
    public async Task A_trouble_of_GitHubs_is_told_and_waited_out(string fault, string lasts, string reason)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        var trouble = new Trouble(lab, "west", OfWest, reason);

        await trouble.ShouldBeToldAndPassAsync(
            async () =>
            {
                await lab.Lab.FaultAsync(fault, lasts);
                await trouble.TakeRunnersAwayAsync();
            },
            () => Task.CompletedTask);

        await lab.SettleAsync();
    }

    [Fact]
    public async Task B_a_list_with_gaps_is_told_and_no_runner_suffers_from_it()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        var before = await IdsAsync();

        await lab.Lab.FaultAsync("truncated-lists", "90s");
        var problem = await Eventually.Async(ProblemAsync, said => said.Contains("does not add up", StringComparison.Ordinal), TimeSpan.FromSeconds(80));
        await Eventually.Async(ProblemAsync, said => !said.Contains("does not add up", StringComparison.Ordinal), TimeSpan.FromSeconds(180));

        problem.ShouldContain("orgs/acme");
        (await IdsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task C_what_one_host_meets_is_told_and_passes()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        await OnEastAsync("docker tag $(docker inspect -f '{{.Image}}' github-runner-3) good:1; docker tag good:1 changing:1");
        var used = int.Parse(await lab.OnHostAsync("west", "df --output=pcent /var/lib/docker | tail -n 1 | tr -dc 0-9"));
        var park = used + 4;
        var fleet = FleetText.With(
            ("plain, plain-east]", "plain, plain-east], image: \"changing:1\""),
            ("  west:\n", $"  west:\n    care: {{ diskWarn: {park}, diskPark: {park} }}\n"));
        (await lab.RunAsync(fleet)).Faults.ShouldBeEmpty();
        await lab.SettleAsync();

        try
        {
            await Task.WhenAll(WestAsync(park), EastAsync());
        }
        finally
        {
            (await lab.RunAsync(FleetText.Text, LabFixture.OptionsOf() with { NoWait = true })).Faults.ShouldBeEmpty();
        }

        await lab.SettleAsync();
    }

    private async Task WestAsync(int park)
    {
        var full = new Trouble(lab, "west", OfWest, "% of the disk that Docker works on are in use");
        await full.ShouldBeToldAndPassAsync(
            async () =>
            {
                await lab.OnHostAsync("west", $"size=$(df --output=size -B1 /var/lib/docker | tail -n 1); used=$(df --output=used -B1 /var/lib/docker | tail -n 1); fallocate -l $((size * {park + 1} / 100 - used)) /var/lib/docker/filling");
                await full.TakeRunnersAwayAsync();
            },
            () => lab.OnHostAsync("west", "rm /var/lib/docker/filling"));

        var refused = new Trouble(lab, "west", OfWest, "GitHub does not accept the credential: 401");
        await refused.ShouldBeToldAndPassAsync(
            async () =>
            {
                lab.GitHub.Refuse("198.18.88.11", "", 401, "Bad credentials");
                await refused.TakeRunnersAwayAsync();
            },
            Accepting("198.18.88.11"));
    }

    private async Task EastAsync()
    {
        var taken = new Trouble(lab, "east", OfEast, "name is taken");
        await taken.ShouldBeToldAndPassAsync(
            async () =>
            {
                lab.GitHub.Refuse("198.18.88.12", "generate-jitconfig", 409, "Already exists - A runner with the name already exists.");
                await taken.TakeRunnersAwayAsync();
            },
            Accepting("198.18.88.12"));

        await new Trouble(lab, "east", OfEast, "Docker Engine cannot be reached").ShouldBeToldAndPassAsync(
            () => OnEastAsync("systemctl stop docker.service docker.socket"), () => OnEastAsync("systemctl start docker.socket docker.service"));

        var missing = new Trouble(lab, "east", Changing, "The image changing:1 is not on this host");
        await missing.ShouldBeToldAndPassAsync(
            async () =>
            {
                await OnEastAsync("docker rmi changing:1");
                await missing.TakeRunnersAwayAsync();
            },
            () => OnEastAsync("docker tag good:1 changing:1"));

        await ImageAsync("ENTRYPOINT [\"true\"]", "and said nothing");
        // What failed in a row is forgotten, else the pause after it were longer than this station waits.
        await OnEastAsync("systemctl restart github-docker-runners");
        await ImageAsync("ENTRYPOINT [\"sleep\", \"900\"]", "The runner did not listen for jobs within 180 s");
    }

    /// <summary>An image whose runners are of no use, until the good one has its name.</summary>
    private async Task ImageAsync(string entrypoint, string reason)
    {
        var useless = new Trouble(lab, "east", Changing, reason);
        await useless.ShouldBeToldAndPassAsync(
            async () =>
            {
                await OnEastAsync($"printf 'FROM good:1\n%s\n' '{entrypoint}' | docker build --quiet --tag changing:1 -");
                await useless.TakeRunnersAwayAsync();
            },
            () => OnEastAsync("docker tag good:1 changing:1"));
    }

    private Func<Task> Accepting(string host) => () =>
    {
        lab.GitHub.Accept(host);
        return Task.CompletedTask;
    };

    private Task<string> OnEastAsync(string script) => lab.OnHostAsync("east", $"set -e\n{script}");

    private Task<string> IdsAsync() => lab.OnHostAsync("west", "docker ps --quiet --no-trunc --filter label=runnerbuild.host | sort");

    private Task<string> ProblemAsync() => lab.OnHostAsync("west", "/opt/github-runners/bin/runnerctl status --json | grep '\"problem\"' || true");
}
