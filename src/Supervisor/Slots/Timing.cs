namespace Supervisor.Slots;

/// <summary>How often the supervisor looks, and how long it waits.</summary>
internal sealed record Timing
{
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two lists of a scope's registrations.</summary>
    public TimeSpan List { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two questions about a runner version's end.</summary>
    public TimeSpan VersionList { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a registration must have been of no use before the janitor deletes it.</summary>
    public TimeSpan JanitorGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A runner that ends sooner without a job has failed, whatever its exit code.</summary>
    public TimeSpan ShortLife { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A runner that waited so long without a job did what it should, however it ended. GitHub itself sends idle ones home after two to six minutes at times (actions/runner#4726).</summary>
    public TimeSpan LongLife { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>From a container's start to <c>Listening for Jobs</c>.</summary>
    public TimeSpan StartUp { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For a runner to end by itself once its job is completed.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Where a person has to act (401, 403, 404, 422).</summary>
    public TimeSpan DeniedRetry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Where only this host is asked (image, engine, files).</summary>
    public TimeSpan LocalRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a slot must be parked before anybody is told.</summary>
    public TimeSpan ParkNotice { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until a runner that GitHub called busy is asked about again.</summary>
    public TimeSpan BusyRetry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For taking idle runners away at the end of the service.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan GitHubDeadline { get; init; } = TimeSpan.FromSeconds(30);
}
