namespace Supervisor.Jobs;

/// <summary><c>docker: none</c>: jobs have no Docker.</summary>
internal sealed class NoEngine : JobEngine;
