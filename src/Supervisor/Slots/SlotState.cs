namespace Supervisor.Slots;

/// <summary>Where a slot is in the life of a runner; <c>Parked</c> always has a reason.</summary>
internal enum SlotState { Empty, Minting, Created, Idle, Busy, Exited, Cleaning, Parked }
