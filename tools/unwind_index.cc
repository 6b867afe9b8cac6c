// What a static program's start code calls so that exceptions find its unwind table. It would be sorted at the first
// throw; without this registration libgcc takes the index that the linker made (--eh-frame-hdr), as in any other
// program.

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier)
void __wrap___register_frame_info(const void*, void*) {}
void* __wrap___deregister_frame_info(const void*) { return nullptr; }
// NOLINTEND(bugprone-reserved-identifier)
}
