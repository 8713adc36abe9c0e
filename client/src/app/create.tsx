export { CreateScreen as default } from '../features/create/create-screen.tsx';
