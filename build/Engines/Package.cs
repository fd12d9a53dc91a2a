using System.Runtime.InteropServices;
using RunnerBuild;

/// <summary>The same for the package Nuke.Common, which knows neither signals nor more than one exit code for a failure.</summary>
partial class Build
{
    /// <summary>The package takes every word for a target: there, only the option's own values count.</summary>
    [AttributeUsage(AttributeTargets.Field)]
    sealed class PairsOfAttribute(string target) : Attribute
    {
        public string Target { get; } = target;
    }

    static readonly CancellationTokenSource Cancelling = new();
    static readonly PosixSignalRegistration[] Signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Cancelling.Cancel()),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Cancelling.Cancel()),
    ];

    static bool _isConfigurationWrong, _hasTargetFailed;

    // No hook of the package hands over the exception that ended a target.
    static Build() => AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => _isConfigurationWrong |= thrown.Exception is ConfigurationException;

    static CancellationToken Cancel => Cancelling.Token;

    protected override void OnTargetFailed(string target) => _hasTargetFailed = true;

    /// <summary>What ended before a target failed was asked for in the wrong way.</summary>
    static int FailureCode(int code) => code != -1 ? code : _isConfigurationWrong || !_hasTargetFailed ? 2 : 1;
}
