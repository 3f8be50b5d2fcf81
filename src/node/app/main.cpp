#include "node/app/run.hpp"

int main(int argc, char** argv) { return entresol::app::run(argc, argv); }
