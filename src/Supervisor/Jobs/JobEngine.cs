using Supervisor.Configuration;
using Supervisor.Docker;

namespace Supervisor.Jobs;

/// <summary>What jobs get of Docker: what that adds to their container, and what it takes away again at the end. One for each mode.</summary>
internal abstract class JobEngine
{
    /// <summary>Makes ready for one job and says what its container is made of.</summary>
    /// <param name="plain">The container as it is without any Docker for the job.</param>
    public virtual Task<CreateContainer> PrepareAsync(JobPlace job, CreateContainer plain, CancellationToken cancel) => Task.FromResult(plain);

    /// <summary>What belongs into the created container beside the runner's own files.</summary>
    public virtual IEnumerable<ContainerFile> FilesFor(JobPlace job, PoolSettings pool) => [];

    /// <summary>Where the runner works; null for the folder that GitHub names, beside the runner program.</summary>
    public virtual string? WorkFolderOf(JobPlace job) => null;

    /// <summary>Serves on for a job that was started before this program was.</summary>
    /// <param name="labels">Of the job's container.</param>
    public virtual void Resume(JobPlace job, IReadOnlyDictionary<string, string> labels)
    {
    }

    /// <summary>Takes away all that the job has made in Docker outside its own container, which has ended.</summary>
    public virtual Task CleanAsync(string runner, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Takes away what is left when the job's own container is gone.</summary>
    public virtual Task ForgetAsync(string runner, CancellationToken cancel) => Task.CompletedTask;
}

/// <summary>One job's place: the runner's name is new for each job, the slot's is not.</summary>
/// <param name="CgroupParent">Control group above all that the job starts, as Docker names it; null where there is none.</param>
internal sealed record JobPlace(string Slot, string Runner, string? CgroupParent);
