using System.IO.Compression;
using System.Text;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>The logs of a run's jobs as one archive, each a file as GitHub names it: `0_build.txt`.</summary>
internal static class RunLogs
{
    public static byte[] Archive(IReadOnlyList<WorkflowJob> jobs)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < jobs.Count; i++)
            {
                using var file = archive.CreateEntry($"{i}_{jobs[i].Name.Replace('/', '_')}.txt").Open();
                file.Write(Encoding.UTF8.GetBytes(jobs[i].Log));
            }
        }
        return bytes.ToArray();
    }
}
