namespace Supervisor.Evidence;

/// <summary>What one runner and everything that its job started has used, read from its control group; null where the kernel does not count it.</summary>
/// <param name="PeakMemoryBytes">The most memory at one time.</param>
/// <param name="PeakPids">The most processes and threads at one time.</param>
/// <param name="CpuSeconds">Processor time, all cores together.</param>
/// <param name="ReadBytes">From block devices.</param>
/// <param name="WrittenBytes">To block devices.</param>
internal sealed record JobUsage(long? PeakMemoryBytes, long? PeakPids, double? CpuSeconds, long? ReadBytes, long? WrittenBytes);
